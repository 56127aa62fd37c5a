import { useMemo } from 'react';
import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import type { Interval } from '#common/time/intervals.ts';
import { linesOf } from '#renderer/charts/panel/lines.ts';
import { chooseBucket } from '#renderer/charts/plot/range.ts';
import { type RangeQuery, rangeLength, resolveRange, useSeries, type ViewRange } from '#renderer/domain/queries/index.ts';

/** Width that buckets are chosen for, px. */
const chartWidthPx = 640;
const noDamage: Interval[] = [];

/** Queries the series a rule evaluates, over the range on screen. A rule evaluates one measure, without variables. */
export function useRuleSeries(connectionId: string, shown: ChartDrawing, values: VariableValues, range: ViewRange) {
  const drawing = useMemo<ChartDrawing>(() => {
    const selector = bindSelector(shown.selector, resolveValues(shown.variables, values));
    return { ...shown, selector, beside: [], variables: [] };
  }, [shown, values]);
  const selector = useMemo(() => bindSelector(drawing.selector, {}), [drawing.selector]);
  const bucketMs = chooseBucket(rangeLength(range, Date.now()), chartWidthPx);
  const aggregation = drawing.aggregation === 'raw' ? 'avg' : drawing.aggregation;
  const query = useMemo<RangeQuery>(() => ({ selector, aggregation, bucketMs, range }), [selector, aggregation, bucketMs, range]);
  const answer = useSeries(connectionId, query);
  const interval = useMemo(() => resolveRange(range, bucketMs, Date.now()), [range, bucketMs]);
  const lines = useMemo(() => linesOf([{ picture: answer.data, name: undefined }], drawing.title), [answer.data, drawing.title]);
  const labels = useMemo(() => (answer.data?.series ?? []).map((one) => one.labels), [answer.data]);
  const damaged = answer.data?.damaged ?? noDamage;
  return { drawing, selector, range, bucketMs, interval, answer, lines, labels, damaged };
}
export type RuleSeries = ReturnType<typeof useRuleSeries>;
