import type { ComponentProps } from 'react';
import type { RuleSeries } from '#renderer/charts/index.ts';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Textarea } from '#renderer/ui/input.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import type { RuleDraft } from './draft.ts';
import { Sentence } from './sentence.tsx';
import type { CreateRule } from './use-create-rule.ts';
import type { RuleChart } from './use-rule-chart.ts';
import { ruleWords } from './words.ts';

interface RuleFieldsProps {
  series: RuleSeries;
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  chart: RuleChart;
  create: CreateRule;
}

/** The fields of a rule: its sentence, its name, and the code of the chart if that is saved with it. */
export function RuleFields({ series, draft, change, chart, create }: RuleFieldsProps) {
  const t = useText(ruleWords);
  const { title, unit } = series.drawing;
  const { wrong, wordOf } = create;
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        create.submit();
      }}
    >
      <Sentence title={title} unit={unit} draft={draft} change={change} wrong={wrong} lines={series.labels} />
      {(['window', 'threshold', 'hold', 'every'] as const)
        .filter((field) => wrong.includes(field))
        .map((field) => (
          <p key={field} role="alert" className="text-danger text-sm">
            {wordOf(field)}
          </p>
        ))}
      <div className="grid grid-cols-2 gap-3">
        <Field label={t('name')} error={wordOf('name')}>
          <Input value={draft.name} maxLength={120} onChange={(event) => change({ name: event.target.value })} />
        </Field>
        <Field label={t('code')} error={wordOf('code')}>
          <CodeInput value={draft.code} onType={(code) => change({ code })} />
        </Field>
      </div>
      <Field label={t('runbook')} error={wordOf('runbook')}>
        <Textarea value={draft.runbook} rows={3} onChange={(event) => change({ runbook: event.target.value })} />
      </Field>
      {chart.isNew && (
        <div className="flex flex-col gap-2 rounded-md border px-3 py-2">
          <p className="text-muted text-sm">{t('savedFirst')}</p>
          <Field label={t('chartCode')} error={create.tried && chart.codeWrong ? t('chartCodeWrong') : undefined}>
            <CodeInput value={chart.newCode} onType={chart.setNewCode} />
          </Field>
        </div>
      )}
      {create.failure && <ErrorState title={t('createFailed')} error={create.failure} className="px-0" />}
      {create.hasFailed && chart.wasSaved && <p className="text-muted text-sm">{t('chartKept')}</p>}
    </form>
  );
}

function CodeInput({ onType, ...props }: ComponentProps<'input'> & { onType: (code: string) => void }) {
  return <Input {...props} dir="ltr" className="font-mono" autoComplete="off" onChange={(event) => onType(event.target.value)} />;
}
