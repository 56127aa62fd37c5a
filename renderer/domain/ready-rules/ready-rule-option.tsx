import { useEffect } from 'react';
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
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h3 className="flex items-center gap-2 font-medium">
            <SeveritySymbol severity={rule.severity} bare />
            {name[language]}
          </h3>
          <p className="text-pretty text-muted">{about[language]}</p>
        </div>
        <Button disabledReason={denied} onClick={onAdjust}>
          {t('adjust')}
        </Button>
        <Button data-ready-rule variant="primary" disabledReason={denied} onClick={onAdd}>
          {t('add')}
        </Button>
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

/** How often the rule would have fired. Nothing is read before its turn. */
function Trial({ trial, rule, connectionId, selector, unit, onTried }: ReadyRuleOptionProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const { state, firings, plan } = useBacktest({ connectionId, selector, unit, rangeMs, rule: trial === 'now' ? rule : null });
  const isTried = state === 'done' || state === 'failed';
  useEffect(() => {
    if (isTried) onTried();
  }, [isTried, onTried]);
  const range = formatDuration(plan === null ? rangeMs : plan.times.to - plan.times.from, language);
  const count = firings.length;
  const stepMs = plan?.times.everyMs ?? 0;
  const firing = t(count === 0 ? 'wouldNot' : 'wouldHave', { count, range });
  const text =
    trial === 'offline'
      ? t('offline')
      : state === 'failed'
        ? t('notTried')
        : state !== 'done'
          ? t('trying', { range })
          : stepMs > rule.evaluateEveryMs
            ? t('coarse', { firing, step: formatSetDuration(stepMs, language) })
            : firing;
  return (
    <p role="status" className="text-sm">
      {text}
    </p>
  );
}
