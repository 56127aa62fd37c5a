import { useEffect, useMemo, useRef, useState } from 'react';
import type { RuleInput } from '#common/contract/rules.ts';
import type { BacktestFiring, MeasuredHistory } from '#common/rules/backtest.ts';
import type { EvaluatedRule } from '#common/rules/record.ts';
import { backtestInSlices } from './sliced.ts';

interface Work {
  rule: EvaluatedRule;
  histories: readonly MeasuredHistory[];
}

const none: BacktestFiring[] = [];

/**
 * Returns where a rule would have fired; null until that is known for its series. While a threshold is dragged, a run that has begun is
 * finished before the one for the newest threshold, so that the firings follow even if a run takes longer than the next step of the drag.
 */
export function useFirings(rule: RuleInput | null, unit: string, histories: readonly MeasuredHistory[] | null): BacktestFiring[] | null {
  const work = useMemo<Work | null>(
    () => (rule && histories ? { rule: { ...rule, unit, delayMs: rule.delayMs ?? 0 }, histories } : null),
    [rule, unit, histories],
  );
  const [result, setResult] = useState<{ of: Work; firings: BacktestFiring[] } | null>(null);
  const newest = useRef<Work | null>(null);
  const isRunning = useRef(false);
  useEffect(() => {
    const run = async () => {
      isRunning.current = true;
      let done: Work | null = null;
      while (newest.current !== null && newest.current !== done) {
        const now: Work = newest.current;
        const firings = await backtestInSlices(now.rule, now.histories, () => newest.current?.histories !== now.histories);
        if (firings !== null) setResult({ of: now, firings });
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
  if (work === null) return none;
  return result?.of.histories === histories ? result.firings : null;
}
