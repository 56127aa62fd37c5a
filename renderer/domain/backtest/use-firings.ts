import { useEffect, useMemo, useRef, useState } from 'react';
import type { RuleInput } from '#common/contract/rules.ts';
import type { BacktestFiring, MeasuredHistory } from '#common/rules/backtest.ts';
import { backtestInSlices } from './sliced.ts';

interface Work {
  rule: RuleInput;
  unit: string;
  histories: readonly MeasuredHistory[];
}

/** The firings of a rule, and that rule: while a threshold is dragged, it may be the one of a moment ago. */
export interface FoundFirings {
  rule: RuleInput;
  firings: BacktestFiring[];
}

/**
 * Returns where a rule would have fired; null until that is known for its series, or without a rule. While a threshold is dragged, a run that has begun is
 * finished before the one for the newest threshold, so that the firings follow even if a run takes longer than the next step of the drag.
 */
export function useFirings(rule: RuleInput | null, unit: string, histories: readonly MeasuredHistory[] | null): FoundFirings | null {
  const work = useMemo<Work | null>(() => (rule && histories ? { rule, unit, histories } : null), [rule, unit, histories]);
  const [result, setResult] = useState<{ of: Work; found: FoundFirings } | null>(null);
  const newest = useRef<Work | null>(null);
  const isRunning = useRef(false);
  useEffect(() => {
    const run = async () => {
      isRunning.current = true;
      let done: Work | null = null;
      while (newest.current !== null && newest.current !== done) {
        const now: Work = newest.current;
        const evaluated = { ...now.rule, unit: now.unit, delayMs: now.rule.delayMs ?? 0 };
        const firings = await backtestInSlices(evaluated, now.histories, () => newest.current?.histories !== now.histories);
        if (firings !== null) setResult({ of: now, found: { rule: now.rule, firings } });
        done = firings === null ? null : now;
      }
      isRunning.current = false;
    };
    newest.current = work;
    if (work !== null && !isRunning.current) void run();
  }, [work]);
  useEffect(
    () => () => {
      newest.current = null;
    },
    [],
  );
  return work !== null && result?.of.histories === histories ? result.found : null;
}
