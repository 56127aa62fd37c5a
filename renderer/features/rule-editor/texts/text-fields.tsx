import { X } from 'lucide-react';
import { memo, type ReactNode, useId, useState } from 'react';
import type { ChartDefinition } from '#common/contract/charts.ts';
import type { AlertTexts } from '#common/rules/alert-texts.ts';
import type { Backtest } from '#renderer/domain/backtest/use-backtest.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Textarea } from '#renderer/ui/input.tsx';
import type { DraftProblems, EditedRule } from '../draft.ts';
import { words } from '../words.ts';
import { namesTwice, rowsOf, type TextRow, toTexts } from './rows.ts';
import { fillInTexts, sampleAlert } from './sample.ts';

interface TextFieldsProps {
  draft: EditedRule;
  change: (part: Partial<EditedRule>) => void;
  problems: DraftProblems | null;
  chart: Pick<ChartDefinition, 'title' | 'unit'>;
  /** Of the backtest. */
  firings: Backtest['firings'];
  histories: Backtest['histories'];
}

/** The texts that the rule writes for its alerts, each as it reads for the last firing. */
export const TextFields = memo(function TextFields({ draft, change, problems, chart, firings, histories }: TextFieldsProps) {
  const t = useText(words);
  const alert = sampleAlert(draft, firings, histories);
  const filled = alert && fillInTexts(draft, chart, alert);
  const runbookProblem = problems?.get('runbook');
  return (
    <details open={Object.keys({ ...draft.labels, ...draft.annotations }).length > 0 || draft.runbook !== '' || undefined}>
      <summary className="cursor-pointer font-medium">{t('texts')}</summary>
      <div className="flex flex-col gap-3 pt-3">
        <p className="text-faint text-sm">{t('templateHint')}</p>
        <TextRows field="annotations" {...{ draft, change, problems, filled }} />
        <TextRows field="labels" {...{ draft, change, problems, filled }} />
        <Field label={t('runbook')} error={runbookProblem}>
          <Textarea dir="auto" rows={3} value={draft.runbook} onChange={(event) => change({ runbook: event.target.value })} />
        </Field>
        {runbookProblem === undefined && <Filled template={draft.runbook} text={filled?.runbook} />}
      </div>
    </details>
  );
});

/** A template as it reads for the sample alert. */
function Filled({ template, text }: { template: string; text: string | undefined }): ReactNode {
  const t = useText(words);
  if (text === undefined || text === template) return null;
  return (
    <p className="text-muted text-sm">
      {t('reads')} <bdi className="whitespace-pre-wrap text-foreground">{text}</bdi>
    </p>
  );
}

interface TextRowsProps extends Pick<TextFieldsProps, 'draft' | 'change' | 'problems'> {
  field: 'labels' | 'annotations';
  filled: AlertTexts | null;
}

/** Labels or annotations, a row for each. */
function TextRows({ field, draft, change, problems, filled }: TextRowsProps) {
  const t = useText(words);
  const texts = draft[field];
  const [typed, setTyped] = useState<{ rows: TextRow[]; texts: EditedRule['labels'] } | null>(null);
  const rows = typed?.texts === texts ? typed.rows : rowsOf(texts);
  const set = (next: TextRow[]) => {
    const written = toTexts(next);
    setTyped({ rows: next, texts: written });
    change({ [field]: written });
  };
  const isTwice = namesTwice(rows);
  const all = problems?.get(field);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-muted text-sm">{t(field)}</legend>
      {rows.map((row, i) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
          key={i}
          row={row}
          number={i + 1}
          problem={isTwice.has(row.name) ? t('nameTwice') : problems?.get(`${field}.${row.name}`)}
          text={
            field === 'labels' ? (filled?.ruleLabels[row.name] ?? filled?.ruleLabels[`rule_${row.name}`]) : filled?.annotations[row.name]
          }
          isLong={field === 'annotations'}
          onChange={(next) => set(rows.map((one, k) => (k === i ? next : one)))}
          onRemove={() => set(rows.filter((_, k) => k !== i))}
        />
      ))}
      {all !== undefined && (
        <p role="alert" className="text-danger text-sm">
          {all}
        </p>
      )}
      <Button size="sm" className="self-start" onClick={() => set([...rows, { name: '', text: '' }])}>
        {t(field === 'labels' ? 'addLabel' : 'addAnnotation')}
      </Button>
    </fieldset>
  );
}

interface RowProps {
  row: TextRow;
  number: number;
  problem: string | undefined;
  /** As it reads for the sample alert. */
  text: string | undefined;
  isLong: boolean;
  onChange: (row: TextRow) => void;
  onRemove: () => void;
}

function Row({ row, number, problem, text, isLong, onChange, onRemove }: RowProps) {
  const t = useText(words);
  const problemId = useId();
  const kind = isLong ? 'annotation' : 'label';
  const described = problem === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': problemId };
  const value = {
    ...described,
    dir: 'auto',
    'aria-label': t(`${kind}Text`, { number }),
    value: row.text,
    onChange: (event: { target: { value: string } }) => onChange({ ...row, text: event.target.value }),
  };
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-start gap-2">
        <Input
          {...described}
          dir="ltr"
          className="w-32 shrink-0"
          aria-label={t(`${kind}Name`, { number })}
          value={row.name}
          onChange={(event) => onChange({ ...row, name: event.target.value })}
        />
        <span aria-hidden="true" className="pt-1.5">
          =
        </span>
        {isLong ? <Textarea {...value} rows={1} className="field-sizing-content min-h-control" /> : <Input {...value} />}
        <Button
          variant="ghost"
          size="icon"
          aria-label={t(`remove_${kind}`, { number })}
          tooltip={t(`remove_${kind}`, { number })}
          onClick={onRemove}
        >
          <X className="size-3.5" />
        </Button>
      </div>
      {problem !== undefined ? (
        <p id={problemId} role="alert" className="text-danger text-sm">
          {problem}
        </p>
      ) : (
        <Filled template={row.text} text={text} />
      )}
    </div>
  );
}
