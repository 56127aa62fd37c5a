import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Chart, ChartDefinition, ChartDrawing } from '#common/contract/charts.ts';
import type { Rule } from '#common/contract/rules.ts';
import { ChartChangeDialog, useRulesOfChange } from '#renderer/domain/chart-versions/chart-change-dialog.tsx';
import { useAcceptChart } from '#renderer/domain/chart-versions/use-accept-chart.ts';
import { saveChart, useCharts, useConsole } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { describeError, ErrorState } from '#renderer/ui/states.tsx';
import { Conflict } from './conflict.tsx';
import { DefinitionForm } from './form.tsx';
import { definitionOf, proposeCode, toValues } from './values.ts';
import { definitionWords } from './words.ts';

interface DefinitionSheetProps {
  connectionId: string;
  title: string;
  about?: string | undefined;
  drawing: ChartDrawing;
  /** The definition to change; absent to create one. */
  chart?: Chart | undefined;
  onClose: () => void;
  onSaved: (chart: Chart) => void;
}

/** Creates or changes a definition. If somebody else saved first, both versions are shown and neither is lost. */
export function DefinitionSheet({ connectionId, title, about, drawing, chart: newest, onClose, onSaved }: DefinitionSheetProps) {
  const t = useText(definitionWords);
  const form = useId();
  // The version the edit started from. The chart may change while somebody types, and that change must not be overwritten unseen.
  const [chart] = useState(newest);
  const taken = (useCharts(connectionId).data?.charts ?? []).map(({ code }) => code);
  const { submit, isSaving, problem, conflict, setConflict } = useSaveDefinition(connectionId, onSaved);
  const { save, question } = useSaveAfterQuestion(connectionId, chart, submit);
  if (conflict && chart) {
    return (
      <Conflict
        base={definitionOf(chart)}
        mine={conflict.mine}
        theirs={conflict.theirs}
        saving={isSaving}
        onBack={() => setConflict(null)}
        onClose={onClose}
        onSave={(definition) => {
          setConflict(null);
          submit({ definition, version: conflict.theirs.version });
        }}
      />
    );
  }
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      className="w-[min(38rem,100vw)]"
      {...(about === undefined ? {} : { description: about })}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form={form} disabledReason={isSaving ? t('saving') : undefined}>
            {t('save')}
          </Button>
        </>
      }
    >
      <DefinitionForm
        id={form}
        connectionId={connectionId}
        initial={toValues(drawing, chart?.code ?? proposeCode(drawing.title, taken), chart?.pinned)}
        taken={chart ? undefined : taken}
        onSubmit={save}
      />
      {problem && <ErrorState title={t('saveFailed')} error={problem} className="px-0" />}
      {question}
    </Sheet>
  );
}

type Fail = (field: 'code', message: string) => void;

interface Saved {
  definition: ChartDefinition;
  version: number | undefined;
  /** Rules to move to the new version. */
  moved?: readonly Rule[];
}

/** Returns what the form's button does: if the chart's rules would evaluate other series, it asks first, with `question`. */
function useSaveAfterQuestion(connectionId: string, chart: Chart | undefined, submit: (saved: Saved, fail?: Fail) => void) {
  const rulesOfChange = useRulesOfChange(connectionId);
  const [asked, setAsked] = useState<{ definition: ChartDefinition; rules: Rule[] } | null>(null);
  const version = chart?.version;
  const save = (definition: ChartDefinition, fail: Fail) => {
    const rules = chart === undefined ? [] : rulesOfChange(chart, definition);
    if (rules.length > 0) setAsked({ definition, rules });
    else submit({ definition, version }, fail);
  };
  const close = () => setAsked(null);
  const question = asked && chart && (
    <ChartChangeDialog
      connectionId={connectionId}
      changes={[{ chart, next: asked.definition, rules: asked.rules }]}
      onSave={(moved) => {
        close();
        submit({ definition: asked.definition, version, moved });
      }}
      onClose={close}
    />
  );
  return { save, question };
}

/** Saves a definition. `conflict` holds both versions if somebody else saved first; `problem` holds any other failure. */
function useSaveDefinition(connectionId: string, onSaved: (chart: Chart) => void) {
  const t = useText(definitionWords);
  const { charts } = useConsole();
  const [conflict, setConflict] = useState<{ mine: ChartDefinition; theirs: Chart } | null>(null);
  const { move } = useAcceptChart(connectionId);
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ definition, version }: Saved) => saveChart(charts, connectionId, { chart: definition, version }),
    onSuccess: (chart, { moved = [] }) => {
      onSaved(chart);
      if (moved.length > 0) void move(moved, () => chart.version);
    },
  });
  const submit = (saved: Saved, fail?: Fail) =>
    mutate(saved, {
      onError: async (failure) => {
        const { code } = describeError(failure);
        if (code === 'conflict' && saved.version === undefined) fail?.('code', t('codeTaken'));
        if (code !== 'version_conflict') return;
        const { value: theirs } = await charts.get({ connectionId, code: saved.definition.code });
        if (theirs) setConflict({ mine: saved.definition, theirs });
      },
    });
  const problem = error && !['version_conflict', 'conflict'].includes(describeError(error).code) ? error : null;
  return { submit, isSaving: isPending, problem, conflict, setConflict };
}
