import type { ComponentProps } from 'react';
import type { Labels } from '#common/contract/primitives.ts';
import { labelsKey, severities } from '#common/contract/primitives.ts';
import { operators } from '#common/contract/rules.ts';
import { seriesName } from '#renderer/domain/alerts.ts';
import { words as common } from '#renderer/domain/words.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Select } from '#renderer/ui/input.tsx';
import type { RuleDraft, RuleField } from './draft.ts';
import { ruleWords } from './words.ts';

const relations = { '<': 'below', '<=': 'atMost', '>': 'above', '>=': 'atLeast' } as const;
const aggregations = ['avg', 'sum', 'min', 'max'] as const;
const policies = ['alert', 'ok', 'keep'] as const;

interface SentenceProps {
  title: string;
  unit: string;
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  wrong: readonly RuleField[];
  /** The lines that can be judged alone. */
  lines: readonly Labels[];
}

/** The rule as a sentence whose bold parts are its fields. */
export function Sentence({ title, unit, draft, change, wrong, lines }: SentenceProps) {
  const t = useText(ruleWords);
  const severityWord = useText(common);
  const bad = (field: RuleField) => (wrong.includes(field) ? { 'aria-invalid': true } : {});
  return (
    <p className="text-lg leading-10">
      {t('when')}{' '}
      <Choice
        aria-label={t('aggregation')}
        value={draft.aggregation}
        onChange={(event) => change({ aggregation: pick(aggregations, event.target.value) })}
      >
        {aggregations.map((one) => (
          <option key={one} value={one}>
            {t(one)}
          </option>
        ))}
      </Choice>{' '}
      {t('of')} <bdi className="font-semibold">{title}</bdi>{' '}
      {lines.length > 1 && (
        <Choice
          aria-label={t('line')}
          value={draft.line === null ? '' : labelsKey(draft.line)}
          onChange={(event) => change({ line: lines.find((one) => labelsKey(one) === event.target.value) ?? null })}
        >
          <option value="">{t('eachLine')}</option>
          {lines.map((one) => (
            <option key={labelsKey(one)} value={labelsKey(one)}>
              {seriesName(one)}
            </option>
          ))}
        </Choice>
      )}{' '}
      {t('over')}{' '}
      <Blank
        aria-label={t('window')}
        className="w-20"
        value={draft.window}
        onChange={(event) => change({ window: event.target.value })}
        {...bad('window')}
      />{' '}
      {t('is')}{' '}
      <Choice
        aria-label={t('operator')}
        value={draft.operator}
        onChange={(event) => change({ operator: pick(operators, event.target.value) })}
      >
        {operators.map((one) => (
          <option key={one} value={one}>
            {t(relations[one])}
          </option>
        ))}
      </Choice>{' '}
      <span className="inline-flex items-baseline gap-1" dir="ltr">
        <Blank
          aria-label={t('threshold')}
          inputMode="decimal"
          className="w-24"
          value={draft.threshold}
          onChange={(event) => change({ threshold: event.target.value })}
          {...bad('threshold')}
        />
        <span className="text-muted">{unit}</span>
      </span>{' '}
      {t('for')}{' '}
      <Blank
        aria-label={t('hold')}
        className="w-20"
        value={draft.hold}
        onChange={(event) => change({ hold: event.target.value })}
        {...bad('hold')}
      />
      {t('comma')} {t('severity')}{' '}
      <Choice
        aria-label={t('severity')}
        value={draft.severity}
        onChange={(event) => change({ severity: pick(severities, event.target.value) })}
      >
        {severities.map((one) => (
          <option key={one} value={one}>
            {severityWord(one)}
          </option>
        ))}
      </Choice>
      . {t('every')}{' '}
      <Blank
        aria-label={t('every')}
        className="w-20"
        value={draft.every}
        onChange={(event) => change({ every: event.target.value })}
        {...bad('every')}
      />
      . {t('noData')}{' '}
      <Choice
        aria-label={t('noData')}
        value={draft.onNoData}
        onChange={(event) => change({ onNoData: pick(policies, event.target.value) })}
      >
        {policies.map((one) => (
          <option key={one} value={one}>
            {t(`policy_${one}`)}
          </option>
        ))}
      </Choice>
      .
    </p>
  );
}

/** One of a list by its text; the first where it is none of them, which a native select never gives. */
const pick = <T extends string>(all: readonly T[], text: string): T => all.find((one) => one === text) ?? (all[0] as T);

function Choice({ className, ...props }: ComponentProps<'select'>) {
  return <Select {...props} className={cn('w-auto font-semibold', className)} />;
}

function Blank({ className, ...props }: ComponentProps<'input'>) {
  return (
    <Input {...props} dir="ltr" autoComplete="off" spellCheck={false} className={cn('inline-block text-center font-semibold', className)} />
  );
}
