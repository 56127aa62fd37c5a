import { useEffect, useState } from 'react';
import type { RuleInput } from '#common/contract/rules.ts';
import { formatValue } from '#common/format.ts';
import type { ReadyRule } from '#common/rules/ready/index.ts';
import { dayMs } from '#common/time/durations.ts';
import { readyRuleTexts } from '#common/words/ready-rules/index.ts';
import { useBacktest } from '#renderer/domain/backtest/use-backtest.ts';
import { conditionSentence } from '#renderer/domain/rules/condition-sentence.ts';
import { words as ruleWords } from '#renderer/domain/rules/words.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { formatDuration, formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { words } from './words.ts';

/** How long before now a ready rule is tried, ms. */
const rangeMs = 30 * dayMs;

type BacktestQuery = Pick<Parameters<typeof useBacktest>[0], 'connectionId' | 'selector' | 'unit'>;

export interface ReadyRuleOptionProps extends BacktestQuery {
  ready: ReadyRule;
  /** What it makes of the chart. */
  rule: RuleInput;
  /** Name of a rule that the chart has from it already. */
  existing: string | undefined;
  /** `waiting`: others are tried first. `offline`: it can't be tried. */
  trial: 'offline' | 'waiting' | 'now';
  onTried: () => void;
  /** Why nothing can be added now. */
  denied: string | undefined;
  onAdd: () => void;
  onAdjust: () => void;
}

/** A ready rule as it would be for a chart: when it would fire, why so, how often it would have, and the buttons to use it. */
export function ReadyRuleOption(props: ReadyRuleOptionProps) {
  const { ready, rule, existing, unit, denied, onAdd, onAdjust } = props;
  const t = useText(words);
  const r = useText(ruleWords);
  const { language } = usePreferences();
  const { name, about, why } = readyRuleTexts[ready.code];
  return (
    <li aria-label={name[language]} className="flex flex-col gap-1 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-64 flex-1 basis-0">
          <h3 className="flex items-center gap-2 font-medium">
            <SeveritySymbol severity={rule.severity} bare />
            {name[language]}
          </h3>
          <p className="text-pretty text-muted">{about[language]}</p>
        </div>
        <span className="flex gap-3">
          <Button disabledReason={denied} onClick={onAdjust}>
            {t('adjust')}
          </Button>
          <Button data-ready-rule variant="primary" disabledReason={denied} onClick={onAdd}>
            {t('add')}
          </Button>
        </span>
      </div>
      <p className="text-pretty">{conditionSentence(r, rule, unit, language)}</p>
      <Levels rule={rule} unit={unit} />
      <p className="text-pretty text-faint text-sm">{why[language]}</p>
      <Trial {...props} />
      {existing !== undefined && (
        <p className="text-muted text-sm">
          {t('existing')} <bdi>{existing}</bdi>
        </p>
      )}
    </li>
  );
}

/** The more urgent severities and their thresholds; nothing if there are none. */
function Levels({ rule, unit }: Pick<ReadyRuleOptionProps, 'rule' | 'unit'>) {
  const t = useText(words);
  const levels = rule.conditions.flatMap((condition) => ('levels' in condition ? (condition.levels ?? []) : []));
  if (levels.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-3">
      {t('moreUrgent')}
      {levels.map(({ severity, threshold }) => (
        <span key={severity} className="flex items-center gap-1.5">
          <SeveritySymbol severity={severity} />
          <bdi>{formatValue(threshold, unit)}</bdi>
        </span>
      ))}
    </p>
  );
}

interface Outcome {
  /** Number of firings; null when it couldn’t be tried. */
  count: number | null;
  /** From the first evaluation, or the first point if that came later, to the last evaluation. */
  lengthMs: number;
  stepMs: number;
}

/** How often the rule would have fired. It is tried once, when its turn has come: points that arrive later don't repeat it. */
function Trial({ trial, rule, connectionId, selector, unit, onTried }: ReadyRuleOptionProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const isRunning = trial === 'now' && outcome === null;
  const { state, firings, plan, firstPointAt } = useBacktest({ connectionId, selector, unit, rangeMs, rule: isRunning ? rule : null });
  useEffect(() => {
    if (state !== 'done' && state !== 'failed') return;
    const { from, to, everyMs } = plan?.times ?? { from: 0, to: rangeMs, everyMs: 0 };
    // A new backend has less history than is asked for.
    const lengthMs = firstPointAt === null ? 0 : to - Math.max(from, Math.min(firstPointAt, to));
    setOutcome({ count: state === 'done' ? firings.length : null, lengthMs, stepMs: everyMs });
    onTried();
  }, [state, firings, plan, firstPointAt, onTried]);
  const range = formatDuration(outcome?.lengthMs ?? rangeMs, language);
  const write = () => {
    if (outcome === null) return trial === 'offline' ? t('offline') : t('trying', { range });
    const { count, lengthMs, stepMs } = outcome;
    if (count === null) return t('notTried');
    if (count === 0 && lengthMs === 0) return t('noPoints');
    const firing = t(count === 0 ? 'wouldNot' : 'wouldHave', { count, range });
    return stepMs > rule.evaluateEveryMs ? t('coarse', { firing, step: formatSetDuration(stepMs, language) }) : firing;
  };
  return (
    <p role="status" className="text-sm">
      {write()}
    </p>
  );
}
