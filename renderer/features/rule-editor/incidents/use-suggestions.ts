import { useEffect, useMemo, useState } from 'react';
import type { RuleInput } from '#common/contract/rules.ts';
import type { MeasuredHistory } from '#common/rules/backtest.ts';
import { candidateThresholds, type IncidentScore, moveThreshold, scoreFirings } from '#common/rules/suggest.ts';
import type { Interval } from '#common/time/intervals.ts';
import { backtestInSlices } from '#renderer/domain/backtest/sliced.ts';
import { useStable } from '#renderer/ui/use-stable.ts';
import { drawnThreshold } from '../draft.ts';

export interface Suggestion extends IncidentScore {
  threshold: number;
}

interface SuggestionOptions {
  rule: RuleInput | null;
  unit: string;
  histories: readonly MeasuredHistory[];
  incidents: readonly Interval[];
}

/** Tries the thresholds that would have caught incidents. Null while they are being tried. */
export function useSuggestions({ rule, unit, histories, incidents }: SuggestionOptions): Suggestion[] | null {
  // A threshold that is dragged changes no suggestion, except by its distance from the threshold to clear.
  const tried = useStable(rule && withoutDrawn(rule));
  const work = useMemo(() => (tried ? { tried, unit, histories, incidents } : null), [tried, unit, histories, incidents]);
  const [result, setResult] = useState<{ of: unknown; suggestions: Suggestion[] }>({ of: null, suggestions: [] });
  useEffect(() => {
    if (work === null) return;
    const stop = new AbortController();
    void suggest(work, stop.signal).then((suggestions) => suggestions && setResult({ of: work, suggestions }));
    return () => stop.abort();
  }, [work]);
  return result.of === work ? result.suggestions : null;
}

/** Levels change how urgent a firing is, but not when it fires. */
function withThreshold(rule: RuleInput, threshold: number): RuleInput {
  const drawn = drawnThreshold(rule);
  const conditions = rule.conditions.map((condition, i) => {
    if (i !== drawn?.index || !('operator' in condition)) return condition;
    const { levels: _levels, ...rest } = condition;
    return moveThreshold(rest, threshold);
  });
  return { ...rule, conditions: conditions as RuleInput['conditions'] };
}
const withoutDrawn = (rule: RuleInput): RuleInput => withThreshold(rule, 0);

interface Work {
  tried: RuleInput;
  unit: string;
  histories: readonly MeasuredHistory[];
  incidents: readonly Interval[];
}

async function suggest({ tried, unit, histories, incidents }: Work, signal: AbortSignal): Promise<Suggestion[] | null> {
  const drawn = drawnThreshold(tried);
  const condition = tried.conditions[drawn?.index ?? -1];
  const end = histories[0]?.times.to;
  if (condition === undefined || drawn === null || end === undefined) return [];
  const suggestions: Suggestion[] = [];
  for (const threshold of candidateThresholds(condition, drawn.index, tried, histories, incidents)) {
    const evaluated = { ...withThreshold(tried, threshold), unit, delayMs: tried.delayMs ?? 0 };
    const firings = await backtestInSlices(evaluated, histories, () => signal.aborted);
    if (firings === null) return null;
    suggestions.push({ threshold, ...scoreFirings(firings, incidents, end) });
  }
  return suggestions;
}
