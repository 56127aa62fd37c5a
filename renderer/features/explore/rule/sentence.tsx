import type { ChangeEvent, ComponentProps } from 'react';
import type { Labels } from '#common/contract/primitives.ts';
import { labelsKey, severities } from '#common/contract/primitives.ts';
import { seriesName } from '#renderer/domain/alerts.ts';
import { words as common } from '#renderer/domain/words.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Select } from '#renderer/ui/input.tsx';
import { offeredAggregations, offeredOperators, type RuleDraft, type RuleField } from './draft.ts';
import { ruleWords } from './words.ts';

const relations = { '<': 'below', '<=': 'atMost', '>': 'above', '>=': 'atLeast' } as const;
const policies = ['alert', 'ok', 'keep'] as const;

interface SentenceProps {
  title: string;
  unit: string;
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  wrong: readonly RuleField[];
  /** The lines that the rule can be limited to. */
  lines: readonly Labels[];
}

/** The rule as a sentence whose bold parts are its fields. */
export function Sentence({ title, unit, draft, change, wrong, lines }: SentenceProps) {
  const t = useText(ruleWords);
  const severityWord = useText(common);
  const blank = (field: 'window' | 'threshold' | 'hold' | 'every') => ({
    'aria-label': t(field),
    'aria-invalid': wrong.includes(field) || undefined,
    value: draft[field],
    onChange: (event: ChangeEvent<HTMLInputElement>) => change({ [field]: event.target.value }),
  });
  return (
    <p className="text-lg leading-10">
      {t('when')}{' '}
      <Choice
        label={t('aggregation')}
        value={draft.aggregation}
        all={offeredAggregations}
        wordOf={t}
        onChoose={(aggregation) => change({ aggregation })}
      />{' '}
      {t('of')} <bdi className="font-semibold">{title}</bdi>{' '}
      {lines.length > 1 && <LineChoice lines={lines} line={draft.line} onChoose={(line) => change({ line })} />} {t('over')}{' '}
      <Blank className="w-20" {...blank('window')} /> {t('is')}{' '}
      <Choice
        label={t('operator')}
        value={draft.operator}
        all={offeredOperators}
        wordOf={(one) => t(relations[one])}
        onChoose={(operator) => change({ operator })}
      />{' '}
      <span className="inline-flex items-baseline gap-1" dir="ltr">
        <Blank inputMode="decimal" className="w-24" {...blank('threshold')} />
        <span className="text-muted">{unit}</span>
      </span>{' '}
      {t('for')} <Blank className="w-20" {...blank('hold')} />
      {t('comma')} {t('severity')}{' '}
      <Choice
        label={t('severity')}
        value={draft.severity}
        all={severities}
        wordOf={severityWord}
        onChoose={(severity) => change({ severity })}
      />
      . {t('every')} <Blank className="w-20" {...blank('every')} />. {t('noData')}{' '}
      <Choice
        label={t('noData')}
        value={draft.onNoData}
        all={policies}
        wordOf={(one) => t(`policy_${one}`)}
        onChoose={(onNoData) => change({ onNoData })}
      />
      .
    </p>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  all: readonly T[];
  wordOf: (one: T) => string;
  onChoose: (one: T) => void;
}

/** Chooses one of a list of words. */
function Choice<T extends string>({ label, value, all, wordOf, onChoose }: ChoiceProps<T>) {
  return (
    <Select
      className="w-auto font-semibold"
      aria-label={label}
      value={value}
      onChange={(event) => onChoose(all.find((one) => one === event.target.value) ?? value)}
    >
      {all.map((one) => (
        <option key={one} value={one}>
          {wordOf(one)}
        </option>
      ))}
    </Select>
  );
}

interface LineChoiceProps {
  lines: readonly Labels[];
  line: Labels | null;
  onChoose: (line: Labels | null) => void;
}

/** Chooses whether the rule evaluates every series or only one. */
function LineChoice({ lines, line, onChoose }: LineChoiceProps) {
  const t = useText(ruleWords);
  const names = new Map([['', t('eachLine')], ...lines.map((one) => [labelsKey(one), seriesName(one)] as const)]);
  return (
    <Choice
      label={t('line')}
      value={line === null ? '' : labelsKey(line)}
      all={[...names.keys()]}
      wordOf={(key) => names.get(key) ?? ''}
      onChoose={(key) => onChoose(lines.find((one) => labelsKey(one) === key) ?? null)}
    />
  );
}

function Blank({ className, ...props }: ComponentProps<'input'>) {
  return (
    <Input {...props} dir="ltr" autoComplete="off" spellCheck={false} className={cn('inline-block text-center font-semibold', className)} />
  );
}
