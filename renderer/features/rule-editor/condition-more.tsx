import { X } from 'lucide-react';
import { type Condition, isOrdered } from '#common/contract/conditions.ts';
import { type Severity, severities } from '#common/contract/primitives.ts';
import { words as common } from '#renderer/domain/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import type { ConditionProps } from './condition-props.ts';
import { Choice, NumberInput, OptionalNumber } from './inputs.tsx';
import { words } from './words.ts';

interface MoreProps extends ConditionProps {
  /** The rule's own severity. */
  severity: Severity;
}

/** Settings that most conditions leave as they are. */
export function MoreOfCondition({ condition, severity, ...props }: MoreProps) {
  const t = useText(words);
  const hasFloor =
    (condition.kind === 'baseline' && condition.as !== 'difference') || (condition.kind === 'change' && condition.as === 'percent');
  const isLaddered = 'operator' in condition && isOrdered(condition.operator);
  const hasReference = condition.kind === 'baseline' || condition.kind === 'range';
  if (!hasFloor && !isLaddered && !hasReference) return null;
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted">{t('more')}</summary>
      <div className="flex flex-col gap-2 pt-2">
        {isLaddered && <Clear condition={condition} {...props} />}
        {isLaddered && <Levels condition={condition} severity={severity} {...props} />}
        {hasFloor && (
          <p>
            {t('floor')}{' '}
            <OptionalNumber
              label={t('floor')}
              value={condition.floor}
              problem={props.problem('floor')}
              onChange={(floor) => props.onChange({ ...condition, floor })}
            />{' '}
            <bdi className="text-muted">{props.unit}</bdi>
          </p>
        )}
        {hasReference && (
          <p>
            {t('onNoBaseline')}{' '}
            <Choice
              label={t('onNoBaseline')}
              value={condition.onNoBaseline ?? 'ok'}
              all={['ok', 'alert', 'no-data']}
              wordOf={(one) => t(`baseline_${one}`)}
              onChange={(onNoBaseline) => props.onChange({ ...condition, onNoBaseline })}
            />
          </p>
        )}
      </div>
    </details>
  );
}

type Ladder = ConditionProps<Extract<Condition, { operator: string }>>;

function Clear({ condition, onChange, problem }: Ladder) {
  const t = useText(words);
  return (
    <p>
      {t('clear')}{' '}
      <OptionalNumber
        label={t('clear')}
        value={condition.clear}
        problem={problem('clear')}
        onChange={(clear) => onChange({ ...condition, clear })}
      />{' '}
      <span className="text-faint">{t('clearHint')}</span>
    </p>
  );
}

/** The ladder of severities: each from a threshold further out. */
function Levels({ condition, onChange, problem, severity }: Ladder & { severity: Severity }) {
  const t = useText(words);
  const c = useText(common);
  const { levels = [] } = condition;
  const highest = levels.at(-1)?.severity ?? severity;
  const next = severities[severities.indexOf(highest) + 1];
  const set = (changed: typeof levels) => onChange({ ...condition, levels: changed.length === 0 ? undefined : changed });
  const outward = (condition.operator.startsWith('>') ? 1 : -1) * Math.max(1, Math.abs(condition.threshold) / 2);
  return (
    <>
      {levels.map((level, i) => (
        <p key={level.severity} className="flex items-center gap-2">
          {t('levels')}
          <NumberInput
            label={t('levelThreshold', { severity: c(level.severity) })}
            value={level.threshold}
            problem={problem(`levels.${i}.threshold`)}
            onChange={(threshold) => set(levels.map((one) => (one === level ? { ...one, threshold } : one)))}
          />
          <span className="font-semibold">{c(level.severity)}</span>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={t('removeLevel', { severity: c(level.severity) })}
            onClick={() => set(levels.filter((one) => one !== level))}
          >
            <X className="size-3.5" />
          </Button>
        </p>
      ))}
      {next && levels.length < severities.length - 1 && (
        <Button
          size="sm"
          className="self-start"
          onClick={() => set([...levels, { severity: next, threshold: (levels.at(-1)?.threshold ?? condition.threshold) + outward }])}
        >
          {t('addLevel')}
        </Button>
      )}
    </>
  );
}
