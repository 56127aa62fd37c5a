import { useEffect, useMemo, useState } from 'react';
import type { SeriesSelector } from '#common/contract/charts.ts';
import type { SeriesLine } from '#common/contract/console/series.ts';
import { hasLabels } from '#common/contract/primitives.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { type BacktestFiring, type MeasuredHistory, measureHistory } from '#common/rules/backtest.ts';
import { useStable } from '#renderer/ui/use-stable.ts';
import { type RangeQuery, useSeries } from '../queries/index.ts';
import { columns, columnsFor, type HistoryColumn, type HistoryPlan, joinColumns, measuredPart, planHistory } from './history.ts';
import { yieldToScreen } from './sliced.ts';
import { useFirings } from './use-firings.ts';

export interface Backtest {
  /** The rule whose firings these are; the one being tried until they are known. Null while the draft is invalid. */
  rule: RuleInput | null;
  state: 'unfinished' | 'reading' | 'measuring' | 'failed' | 'done';
  /** Share of the series that have been measured, 0 to 1. */
  progress: number;
  firings: BacktestFiring[];
  histories: readonly MeasuredHistory[];
  plan: HistoryPlan | null;
  /** Time of the oldest point it was tried on, ms; null when there is none, or before it has been read. */
  firstPointAt: number | null;
  /** Points it used are lost or may be, because the backend's store was damaged. */
  isDamaged: boolean;
}

interface BacktestOptions {
  connectionId: string;
  selector: SeriesSelector;
  /** Null while the draft is invalid: the last result stays. */
  rule: RuleInput | null;
  unit: string;
  rangeMs: number;
}

const noFirings: BacktestFiring[] = [];
const noHistories: readonly MeasuredHistory[] = [];
const noConditions: RuleInput['conditions'] = [];

/**
 * Tries a rule on the past. What was measured is kept while only thresholds change, so that a threshold can be dragged. The result stays the
 * same object until something in it changes.
 */
export function useBacktest({ connectionId, selector, rule, unit, rangeMs }: BacktestOptions): Backtest {
  const measured = useStable(rule && measuredPart(rule));
  // The end of the range stays, so that a drag doesn't read again.
  const plan = useMemo(() => measured && planHistory(measured, rangeMs, Date.now()), [measured, rangeMs]);
  const answer = useColumns(connectionId, selector, measured?.conditions ?? noConditions, plan);
  const matchLabels = useStable(rule?.matchLabels ?? {});
  const { histories, progress } = useHistories(answer.read, measured, plan, matchLabels);
  const found = useFirings(rule, unit, histories);
  const state =
    rule === null ? 'unfinished' : answer.failed ? 'failed' : answer.read === null ? 'reading' : found === null ? 'measuring' : 'done';
  const { isDamaged } = answer;
  const firstPointAt = useMemo(() => (answer.read ? oldestPoint(answer.read) : null), [answer.read]);
  const { rule: tried, firings } = found ?? { rule, firings: noFirings };
  return useMemo(
    () => ({ rule: tried, state, progress, firings, histories: histories ?? noHistories, plan, firstPointAt, isDamaged }),
    [tried, state, progress, firings, histories, plan, firstPointAt, isDamaged],
  );
}

function oldestPoint(read: ReadonlyMap<HistoryColumn, readonly SeriesLine[]>): number | null {
  let oldest = Number.POSITIVE_INFINITY;
  for (const lines of read.values()) for (const { t } of lines) oldest = Math.min(oldest, t[0] ?? oldest);
  return Number.isFinite(oldest) ? oldest : null;
}

/** Reads the columns that the conditions need. */
function useColumns(connectionId: string, selector: SeriesSelector, conditions: RuleInput['conditions'], plan: HistoryPlan | null) {
  const needed = useMemo(() => columnsFor(conditions), [conditions]);
  const queryFor = (column: HistoryColumn): RangeQuery | undefined => {
    if (plan === null || !needed.has(column)) return undefined;
    return { selector, aggregation: column, bucketMs: plan.bucketMs, range: { from: plan.readFrom, to: plan.times.to } };
  };
  const sum = useSeries(connectionId, queryFor('sum'));
  const count = useSeries(connectionId, queryFor('count'));
  const min = useSeries(connectionId, queryFor('min'));
  const max = useSeries(connectionId, queryFor('max'));
  const last = useSeries(connectionId, queryFor('last'));
  const raw = useSeries(connectionId, queryFor('raw'));
  const answers = { sum, count, min, max, last, raw };
  const wanted = columns.filter((column) => needed.has(column)).map((column) => answers[column]);
  const isComplete = plan !== null && wanted.every(({ data, isPlaceholderData }) => data?.missing.length === 0 && !isPlaceholderData);
  const failed = wanted.some(({ data, error }) => error !== null || (data?.problem ?? null) !== null);
  const read = useMemo(() => {
    if (!isComplete) return null;
    const pictures = { sum: sum.data, count: count.data, min: min.data, max: max.data, last: last.data, raw: raw.data };
    return new Map(columns.filter((column) => needed.has(column)).map((column) => [column, pictures[column]?.series ?? []]));
  }, [isComplete, needed, sum.data, count.data, min.data, max.data, last.data, raw.data]);
  return { read, failed: failed && !isComplete, isDamaged: wanted.some(({ data }) => (data?.damaged.length ?? 0) > 0) };
}

type Measured = ReturnType<typeof measuredPart> | null;

/** Measures series after series, and lets the screen work in between. */
function useHistories(
  read: ReadonlyMap<HistoryColumn, readonly SeriesLine[]> | null,
  measured: Measured,
  plan: HistoryPlan | null,
  matchLabels: Record<string, string>,
) {
  const [result, setResult] = useState<{ of: unknown; histories: MeasuredHistory[] | null; progress: number }>({
    of: null,
    histories: null,
    progress: 0,
  });
  const work = useMemo(
    () => (read && measured && plan ? { read, measured, plan, matchLabels } : null),
    [read, measured, plan, matchLabels],
  );
  useEffect(() => {
    if (work === null) return;
    const { signal, abort } = newAbort();
    void measureAll(work, signal, (histories, progress) => setResult({ of: work, histories, progress }));
    return abort;
  }, [work]);
  return result.of === work ? result : { histories: null, progress: 0 };
}

function newAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

interface Work {
  read: ReadonlyMap<HistoryColumn, readonly SeriesLine[]>;
  measured: NonNullable<Measured>;
  plan: HistoryPlan;
  matchLabels: Record<string, string>;
}

async function measureAll(
  { read, measured, plan, matchLabels }: Work,
  signal: AbortSignal,
  report: (histories: MeasuredHistory[] | null, progress: number) => void,
): Promise<void> {
  const all = joinColumns(read).filter(({ labels }) => hasLabels(labels, matchLabels));
  const part = { ...measured, delayMs: measured.delayMs ?? 0 };
  const histories: MeasuredHistory[] = [];
  for (const { labels, points } of all) {
    await yieldToScreen();
    if (signal.aborted) return;
    histories.push(measureHistory(part, labels, points, plan.times));
    if (histories.length < all.length) report(null, histories.length / all.length);
  }
  if (!signal.aborted) report(histories, 1);
}
