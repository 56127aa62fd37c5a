import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  type Condition,
  operators,
  type ThresholdComparison,
  thresholdCondition,
  type WindowAggregation,
} from '#common/contract/conditions.ts';
import { comparedUnit } from '#common/words/conditions.ts';
import { reasonWords } from '#common/words/reasons.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { MoreOfCondition } from './condition-more.tsx';
import type { ConditionProps } from './condition-props.ts';
import { type DraftProblems, newCondition, type Offered, offered } from './draft.ts';
import { Choice, DurationInput, NumberInput, OptionalDuration } from './inputs.tsx';
import { words } from './words.ts';

interface ConditionCardProps {
  condition: Condition;
  index: number;
  onChange: (condition: Condition) => void;
  /** Absent for the only condition. */
  onRemove?: (() => void) | undefined;
  isWeighted: boolean;
  unit: string;
  severity: ThresholdLevelSeverity;
  problems: DraftProblems | null;
  /** What is doubtful about it, although it can be saved. */
  warning: string | undefined;
}
type ThresholdLevelSeverity = Parameters<typeof MoreOfCondition>[0]['severity'];

/** One condition as a sentence whose bold parts are its fields. */
export function ConditionCard({ condition, index, onChange, onRemove, isWeighted, unit, severity, problems, warning }: ConditionCardProps) {
  const t = useText(words);
  const number = index + 1;
  const at = `conditions.${index}.`;
  const own = [...(problems ?? [])].filter(([path]) => path.startsWith(at));
  const problem = (field: string) => problems?.get(`${at}${field}`);
  const props = { onChange, unit, problem };
  const kind: Offered = condition.kind === 'baseline' && condition.as === 'sigmas' ? 'band' : condition.kind;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2 rounded-md border p-3">
      <legend className="sr-only">{t('condition', { number })}</legend>
      <div className="flex items-center gap-2">
        <Choice
          label={t('kind')}
          value={kind}
          all={offered}
          wordOf={(one) => t(`kind_${one}`)}
          onChange={(one) => onChange(keepWindow(condition, newCondition(one)))}
        />
        {isWeighted && (
          <span className="text-muted text-sm">
            {t('weight')}{' '}
            <NumberInput
              label={t('weight')}
              className="w-16"
              value={condition.weight ?? 1}
              problem={problem('weight')}
              onChange={(weight) => onChange({ ...condition, weight })}
            />
          </span>
        )}
        {onRemove && (
          <Button
            variant="ghost"
            size="icon-sm"
            className="ms-auto"
            aria-label={t('removeCondition', { number })}
            tooltip={t('removeCondition', { number })}
            onClick={onRemove}
          >
            <X className="size-3.5" />
          </Button>
        )}
      </div>
      <p className="text-pretty leading-[2.4rem]">
        <Sentence condition={condition} {...props} />
      </p>
      <Remarks problems={own} warning={warning} />
      <MoreOfCondition condition={condition} severity={severity} {...props} />
    </fieldset>
  );
}

/** What is wrong with a condition, by the path of its field, and what is doubtful. */
function Remarks({ problems, warning }: { problems: readonly [string, string][]; warning: string | undefined }) {
  return (
    <>
      {problems.map(([path, message]) => (
        <p key={path} role="alert" className="text-danger text-sm">
          {message}
        </p>
      ))}
      {warning !== undefined && (
        <p role="status" className="text-pretty text-sm text-warning">
          {warning}
        </p>
      )}
    </>
  );
}

/** A condition of another kind keeps the window that was chosen. */
function keepWindow(before: Condition, next: Condition): Condition {
  const aggregation = 'aggregation' in before && 'aggregation' in next ? { aggregation: before.aggregation } : {};
  return { ...next, windowMs: before.windowMs, ...aggregation } as Condition;
}

function Sentence(props: ConditionProps): ReactNode {
  const { condition } = props;
  switch (condition.kind) {
    case 'threshold':
      return (
        <>
          <WindowFields {...props} /> <Compared {...props} condition={condition} own={props.unit} />
        </>
      );
    case 'change':
      return <ChangeFields {...props} condition={condition} />;
    case 'baseline':
      return <BaselineFields {...props} condition={condition} />;
    case 'range':
      return <RangeFields {...props} condition={condition} />;
    case 'unchanged':
    case 'absent':
      return <QuietFields {...props} condition={condition} />;
  }
}

type Windowed = Extract<Condition, { aggregation: WindowAggregation }>;
const aggregations = thresholdCondition.shape.aggregation.options;

/** `Average over 5 min`. */
function WindowFields({ condition, onChange, problem }: ConditionProps) {
  const t = useText(words);
  const { language } = usePreferences();
  if (!('aggregation' in condition)) return null;
  return (
    <>
      <Choice
        label={t('aggregation')}
        value={condition.aggregation}
        all={aggregations}
        wordOf={(one) => reasonWords['aggregation']?.[one]?.[language] ?? one}
        onChange={(aggregation) => onChange({ ...condition, aggregation } as Windowed)}
      />{' '}
      {t('over')} <WindowField condition={condition} onChange={onChange} problem={problem} />
    </>
  );
}

function WindowField({ condition, onChange, problem }: Pick<ConditionProps, 'condition' | 'onChange' | 'problem'>) {
  const t = useText(words);
  return (
    <DurationInput
      label={t('window')}
      value={condition.windowMs}
      problem={problem('windowMs')}
      onChange={(windowMs) => onChange({ ...condition, windowMs })}
    />
  );
}

type ComparedCondition = Extract<Condition, ThresholdComparison>;

/** `above 0.8 m/s`, or `within 2 and 5 m/s`. */
function Compared({ condition, onChange, problem, own }: ConditionProps<ComparedCondition> & { own: string }) {
  const t = useText(words);
  const { language } = usePreferences();
  const { operator, threshold, upper } = condition;
  const isRange = operator === 'between' || operator === 'outside';
  const changeOperator = (next: typeof operator) => {
    const { upper: _upper, clear: _clear, levels: _levels, ...rest } = condition;
    const ends = next === 'between' || next === 'outside' ? { upper: upper ?? threshold + Math.max(1, Math.abs(threshold)) } : {};
    onChange({ ...rest, operator: next, ...ends } as Condition);
  };
  return (
    <>
      <Choice
        label={t('operator')}
        value={operator}
        all={operators}
        wordOf={(one) => reasonWords['operator']?.[one]?.[language] ?? one}
        onChange={changeOperator}
      />{' '}
      <NumberInput
        label={t(isRange ? 'lower' : 'threshold')}
        value={threshold}
        problem={problem('threshold')}
        onChange={(next) => onChange({ ...condition, threshold: next })}
      />{' '}
      {isRange && (
        <>
          {t('and')}{' '}
          <NumberInput
            label={t('upper')}
            value={upper ?? Number.NaN}
            problem={problem('upper')}
            onChange={(next) => onChange({ ...condition, upper: next })}
          />{' '}
        </>
      )}
      <bdi className="text-muted">{own}</bdi>
    </>
  );
}

function ChangeFields({ condition, ...props }: ConditionProps<Extract<Condition, { kind: 'change' }>>) {
  const t = useText(words);
  const { onChange, problem, unit } = props;
  const own = comparedUnit(condition.as, unit);
  const [before = '', after = ''] = t('changeFrom', { ago: '\u0000' }).split('\u0000');
  return (
    <>
      <WindowFields condition={condition} {...props} />
      {before}
      <DurationInput
        label={t('ago')}
        value={condition.agoMs}
        problem={problem('agoMs')}
        onChange={(agoMs) => onChange({ ...condition, agoMs })}
      />
      {after}:{' '}
      <Choice
        label={t('as')}
        value={condition.as}
        all={['difference', 'percent', 'perSecond']}
        wordOf={(one) => t(`as_${one}`)}
        onChange={(as) => onChange({ ...condition, as })}
      />{' '}
      <Compared {...props} condition={condition} own={own} />
    </>
  );
}

function BaselineFields({ condition, ...props }: ConditionProps<Extract<Condition, { kind: 'baseline' }>>) {
  const t = useText(words);
  const { onChange, problem, unit } = props;
  const own = comparedUnit(condition.as, unit);
  return (
    <>
      <WindowFields condition={condition} {...props} />
      {t('earlier')}{' '}
      <Choice
        label={t('every')}
        value={condition.every}
        all={['day', 'week', 'month']}
        wordOf={(one) => t(`every_${one}`)}
        onChange={(every) => onChange({ ...condition, every })}
      />{' '}
      <NumberInput
        label={t('count')}
        className="w-14"
        value={condition.count}
        problem={problem('count')}
        onChange={(count) => onChange({ ...condition, count })}
      />{' '}
      {t('timesBack')}:{' '}
      <Choice
        label={t('as')}
        value={condition.as}
        all={['difference', 'ratio', 'sigmas']}
        wordOf={(one) => t(`as_${one}`)}
        onChange={(as) => onChange({ ...condition, as })}
      />{' '}
      <Compared {...props} condition={condition} own={own} />
      <span className="block leading-normal">
        <span className="text-muted">{t('slot')}</span>{' '}
        <OptionalDuration
          label={t('slot')}
          value={condition.slotMs}
          problem={problem('slotMs')}
          onChange={(slotMs) => onChange({ ...condition, slotMs })}
        />{' '}
        <span className="text-faint text-sm">{t('slotHint')}</span>
      </span>
    </>
  );
}

function RangeFields({ condition, ...props }: ConditionProps<Extract<Condition, { kind: 'range' }>>) {
  const t = useText(words);
  const { onChange, problem } = props;
  const percent = (share: number) => Math.round(100_000 * share) / 1_000;
  return (
    <>
      <WindowFields condition={condition} {...props} />{' '}
      <Choice
        label={t('side')}
        value={condition.side}
        all={['either', 'above', 'below']}
        wordOf={(one) => t(`side_${one}`)}
        onChange={(side) => onChange({ ...condition, side })}
      />{' '}
      <span className="text-muted">{t('share')}</span>{' '}
      <NumberInput
        label={t('share')}
        className="w-20"
        value={percent(condition.share)}
        problem={problem('share')}
        onChange={(share) => onChange({ ...condition, share: share / 100 })}
      />{' '}
      <NumberInput
        label={t('days')}
        className="w-14"
        value={condition.days}
        problem={problem('days')}
        onChange={(days) => onChange({ ...condition, days })}
      />{' '}
      {t('ofLastDays')} <span className="text-muted">{t('widen')}</span>{' '}
      <NumberInput
        label={t('widen')}
        className="w-16"
        value={percent(condition.widen ?? 0)}
        problem={problem('widen')}
        onChange={(widen) => onChange({ ...condition, widen: widen / 100 })}
      />
    </>
  );
}

function QuietFields({ condition, ...props }: ConditionProps<Extract<Condition, { kind: 'unchanged' | 'absent' }>>) {
  const t = useText(words);
  const window = <WindowField condition={condition} {...props} />;
  if (condition.kind === 'absent')
    return (
      <>
        {t('noPointsFor')} {window}
      </>
    );
  return (
    <>
      {t('atMost')}{' '}
      <NumberInput
        label={t('tolerance')}
        value={condition.tolerance ?? 0}
        problem={props.problem('tolerance')}
        onChange={(tolerance) => props.onChange({ ...condition, tolerance })}
      />{' '}
      <bdi className="text-muted">{props.unit}</bdi> {t('over')} {window}
    </>
  );
}
