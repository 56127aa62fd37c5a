import { useMemo } from 'react';
import type { SeriesSelector } from '#common/contract/charts.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { type RangeQuery, rangeLength, resolveRange, useSeries, type ViewRange } from '#renderer/domain/queries/index.ts';
import { concerns, sentenceWindow } from './draft.ts';
import { dryRun, type Firing, partsOf, stepOf } from './dry-run.ts';

export interface DryRun {
  state: 'unfinished' | 'reading' | 'unknown' | 'evaluated';
  firings: Firing[];
  /** Interval between its evaluations, ms. */
  stepMs: number;
  /** Points it used are lost or may be, because the backend's store was damaged. */
  isDamaged: boolean;
}

/** Returns where a rule would have fired over a range. Evaluates again at every change of the rule, from points that are read once. */
export function useDryRun(connectionId: string, selector: SeriesSelector, rule: RuleInput | null, range: ViewRange, unit: string): DryRun {
  const { aggregation, windowMs } = sentenceWindow(rule);
  const rangeMs = rangeLength(range, Date.now());
  const stepMs = stepOf({ evaluateEveryMs: rule?.evaluateEveryMs ?? 30_000, windowMs }, rangeMs);
  const [first, second] = partsOf(aggregation);
  // The range and a window before it, so that the first evaluation is complete.
  const interval = useMemo(() => {
    const { from, to } = resolveRange(range, stepMs, Date.now());
    return { from: Math.floor((from - windowMs) / stepMs) * stepMs, to };
  }, [range, stepMs, windowMs]);
  const queryFor = (part: typeof first): RangeQuery | undefined =>
    rule && part ? { selector, aggregation: part, bucketMs: stepMs, range: interval } : undefined;
  const main = useSeries(connectionId, queryFor(first));
  const count = useSeries(connectionId, queryFor(second));
  return useMemo<DryRun>(() => {
    if (!rule) return { state: 'unfinished', firings: [], stepMs, isDamaged: false };
    if (!main.data || !count.data || main.isPlaceholderData || count.isPlaceholderData) {
      return { state: main.error || count.error ? 'unknown' : 'reading', firings: [], stepMs, isDamaged: false };
    }
    if (main.data.missing.length + count.data.missing.length > 0) return { state: 'unknown', firings: [], stepMs, isDamaged: false };
    const line = Object.keys(rule.matchLabels).length === 0 ? null : rule.matchLabels;
    const own = main.data.series.filter(({ labels }) => concerns(line, labels));
    const firings = dryRun({
      rule: { ...rule, unit, delayMs: 0 },
      parts: { [aggregation === 'avg' ? 'sum' : aggregation]: own, count: count.data.series },
      stepMs,
      from: interval.from,
      to: Math.min(interval.to, Date.now()),
    });
    return {
      state: 'evaluated',
      firings: firings.sort((a, b) => a.from - b.from || (labelsKey(a.labels) < labelsKey(b.labels) ? -1 : 1)),
      stepMs,
      isDamaged: main.data.damaged.length + count.data.damaged.length > 0,
    };
  }, [
    rule,
    main.data,
    main.error,
    main.isPlaceholderData,
    count.data,
    count.error,
    count.isPlaceholderData,
    aggregation,
    stepMs,
    interval,
    unit,
  ]);
}
