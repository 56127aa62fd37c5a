import { type ComponentProps, memo } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Condition } from '#common/contract/conditions.ts';
import { type Labels, labelsKey, severities } from '#common/contract/primitives.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { seriesName } from '#renderer/domain/alerts.ts';
import { words as common } from '#renderer/domain/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { ConditionCard } from './condition-fields.tsx';
import { type DraftProblems, type EditedRule, newCondition } from './draft.ts';
import { Choice, DurationInput, NumberInput, OptionalDuration } from './inputs.tsx';
import { words } from './words.ts';

export interface RuleFieldsProps {
  draft: EditedRule;
  change: (part: Partial<EditedRule>) => void;
  /** Null while nothing is wrong, or nobody has tried to save. */
  problems: DraftProblems | null;
  /** What is doubtful about a condition, by its index. */
  warnings: Readonly<Record<number, string>>;
  chart: Chart;
  /** Labels of the chart's series. */
  series: readonly Labels[];
  /** The rule is stored: its code is fixed. */
  isStored: boolean;
}

/** The fields that decide when a rule fires, its conditions first. Rendered again only for another draft, not for its firings. */
export const RuleFields = memo(function RuleFields(props: RuleFieldsProps) {
  return (
    <>
      <Naming {...props} />
      <Conditions {...props} />
      <Firing {...props} />
      <Evaluation {...props} />
    </>
  );
});

function Naming({ draft, change, problems, isStored }: RuleFieldsProps) {
  const t = useText(words);
  const text = (name: 'name' | 'code' | 'owner'): ComponentProps<'input'> => ({
    value: draft[name],
    autoComplete: 'off',
    onChange: (event) => change({ [name]: event.target.value }),
  });
  return (
    <div className="grid grid-cols-[2fr_1fr_1fr] gap-3 max-md:grid-cols-1">
      <Field label={t('name')} error={problems?.get('name')}>
        <Input dir="auto" {...text('name')} />
      </Field>
      <Field label={t('code')} error={problems?.get('code')}>
        <Input dir="ltr" {...text('code')} disabled={isStored} title={isStored ? t('codeFixed') : undefined} />
      </Field>
      <Field label={t('owner')} error={problems?.get('owner')}>
        <Input dir="auto" {...text('owner')} />
      </Field>
    </div>
  );
}

const maxConditions = 10;
const matches: Record<RuleInput['match']['kind'], 'matchAll' | 'matchAny' | 'matchScore'> = {
  all: 'matchAll',
  any: 'matchAny',
  score: 'matchScore',
};

function Conditions({ draft, change, problems, warnings, chart, series }: RuleFieldsProps) {
  const t = useText(words);
  const { conditions, match } = draft;
  const set = (index: number, next: Condition) => change({ conditions: conditions.map((one, i) => (i === index ? next : one)) });
  return (
    <section className="flex flex-col gap-2">
      <p className="leading-[2.4rem]">
        <span className="font-medium">{t('when')}</span>{' '}
        {conditions.length > 1 && (
          <Choice
            label={t('match')}
            value={match.kind}
            all={['all', 'any', 'score']}
            wordOf={(kind) => t(matches[kind])}
            onChange={(kind) => change({ match: kind === 'score' ? { kind, threshold: 1 } : { kind } })}
          />
        )}{' '}
        {match.kind === 'score' && (
          <>
            {t('neededScore')}{' '}
            <NumberInput
              label={t('neededScore')}
              className="w-16"
              value={Math.round(100_000 * match.threshold) / 1_000}
              problem={problems?.get('match.threshold')}
              onChange={(percent) => change({ match: { kind: 'score', threshold: percent / 100 } })}
            />
          </>
        )}
      </p>
      {series.length > 1 && <SeriesChoice draft={draft} change={change} series={series} />}
      {conditions.map((condition, index) => (
        <ConditionCard
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
          key={index}
          condition={condition}
          index={index}
          onChange={(next) => set(index, next)}
          onRemove={conditions.length > 1 ? () => change({ conditions: conditions.filter((_, i) => i !== index) }) : undefined}
          isWeighted={match.kind === 'score'}
          unit={chart.unit}
          severity={draft.severity}
          problems={problems}
          warning={warnings[index]}
        />
      ))}
      {conditions.length < maxConditions && (
        <Button className="self-start" onClick={() => change({ conditions: [...conditions, newCondition('threshold')] })}>
          {t('addCondition')}
        </Button>
      )}
    </section>
  );
}

/** Whether the rule evaluates every series of the chart or only one. */
function SeriesChoice({ draft, change, series }: Pick<RuleFieldsProps, 'draft' | 'change' | 'series'>) {
  const t = useText(words);
  const names = new Map([['', t('eachSeries')], ...series.map((labels) => [labelsKey(labels), seriesName(labels)] as const)]);
  const chosen = series.find((labels) => labelsKey(labels) === labelsKey(draft.matchLabels));
  return (
    <p>
      <span className="text-muted">{t('series')}</span>{' '}
      <Choice
        label={t('series')}
        value={chosen ? labelsKey(chosen) : ''}
        all={[...names.keys()]}
        wordOf={(key) => names.get(key) ?? ''}
        onChange={(key) => change({ matchLabels: series.find((labels) => labelsKey(labels) === key) ?? {} })}
      />
    </p>
  );
}

function Firing({ draft, change, problems }: RuleFieldsProps) {
  const t = useText(words);
  const c = useText(common);
  return (
    <p className="leading-[2.4rem]">
      {t('hold')}{' '}
      <DurationInput label={t('holdField')} value={draft.forMs} problem={problems?.get('forMs')} onChange={(forMs) => change({ forMs })} />{' '}
      {t('firesAs')}{' '}
      <Choice
        label={t('severity')}
        value={draft.severity}
        all={severities}
        wordOf={(one) => c(one)}
        onChange={(severity) => change({ severity })}
      />
    </p>
  );
}

const policies = ['alert', 'ok', 'keep'] as const;

function Evaluation({ draft, change, problems }: RuleFieldsProps) {
  const t = useText(words);
  const duration = (name: 'evaluateEveryMs' | 'keepFiringForMs' | 'suppressMs', label: string) => (
    <Field label={label} error={problems?.get(name)}>
      <DurationInput label={label} className="w-full" value={draft[name]} onChange={(ms) => change({ [name]: ms })} />
    </Field>
  );
  const policy = (name: 'onNoData' | 'onError', label: string) => (
    <Field label={label}>
      <Choice
        label={label}
        className="w-full"
        value={draft[name]}
        all={policies}
        wordOf={(one) => t(`policy_${one}`)}
        onChange={(next) => change({ [name]: next })}
      />
    </Field>
  );
  return (
    <details>
      <summary className="cursor-pointer font-medium">{t('evaluation')}</summary>
      <div className="grid grid-cols-2 gap-3 pt-3 max-md:grid-cols-1">
        {duration('evaluateEveryMs', t('evaluateEvery'))}
        <Field label={t('delay')} hint={t('delayHint')} error={problems?.get('delayMs')}>
          <OptionalDuration label={t('delay')} className="w-full" value={draft.delayMs} onChange={(delayMs) => change({ delayMs })} />
        </Field>
        {duration('keepFiringForMs', t('keepFiring'))}
        {duration('suppressMs', t('suppress'))}
        {policy('onNoData', t('onNoData'))}
        {policy('onError', t('onError'))}
        <Field label={t('timeZone')} error={problems?.get('timeZone')}>
          <Input dir="ltr" value={draft.timeZone} onChange={(event) => change({ timeZone: event.target.value })} />
        </Field>
      </div>
    </details>
  );
}
