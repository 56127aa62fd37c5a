import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { type Chart, type ChartDrawing, chartDefinition } from '#common/contract/charts.ts';
import { proposeCode } from '#renderer/charts/definition-form/values.ts';
import { queryKeys, saveChart, useCharts, useConsole } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { words } from './words.ts';

interface NameDialogProps {
  connectionId: string;
  /** What the rule evaluates. */
  drawing: ChartDrawing;
  onClose: () => void;
  onSaved: (chart: Chart) => void;
}

/** Saves a picture under a name before a rule is made for it, because rules evaluate charts of the library. */
export function NameDialog({ connectionId, drawing, onClose, onSaved }: NameDialogProps) {
  const t = useText(words);
  const form = useId();
  const { charts } = useConsole();
  const queries = useQueryClient();
  const codes = (useCharts(connectionId).data?.charts ?? []).map(({ code }) => code);
  const [title, setTitle] = useState(drawing.title);
  const isNamed = chartDefinition.shape.title.safeParse(title.trim()).success;
  const save = useMutation({
    mutationFn: async () => {
      const named = title.trim();
      const chart = await saveChart(charts, connectionId, {
        chart: { ...drawing, title: named, code: proposeCode(named, codes) },
        version: undefined,
      });
      // The rule editor finds the chart in the library.
      await queries.invalidateQueries({ queryKey: queryKeys.charts(connectionId) });
      return chart;
    },
    onSuccess: onSaved,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isNamed && !save.isPending) save.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('nameChart')}
      description={t('nameChartAbout')}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form={form} disabledReason={save.isPending ? t('savingChart') : undefined}>
            {t('saveAndGoOn')}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit}>
        <Field label={t('chartName')} error={isNamed ? undefined : t('chartNameWrong')}>
          <Input dir="auto" autoComplete="off" value={title} onChange={(event) => setTitle(event.target.value)} />
        </Field>
        {save.error !== null && <ErrorState title={t('chartNotSaved')} error={save.error} className="px-0" />}
      </form>
    </Dialog>
  );
}
