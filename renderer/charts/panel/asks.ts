import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { Aggregation } from '#common/contract/signals.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import { chooseBucket } from '#renderer/charts/plot/range.ts';
import { rangeLength, type SeriesAsk, type ViewRange } from '#renderer/domain/queries/index.ts';

/** Width of a chart's buckets, ms: the definition's, or what the range and the width of the picture call for. */
export function bucketFor(definition: ChartDrawing, span: ViewRange, widthPx: number, now: number): number {
  return definition.bucketMs ?? chooseBucket(rangeLength(span, now), widthPx);
}

export interface ChartAsk {
  key: string;
  name: string | undefined;
  ask: SeriesAsk;
}

/**
 * The questions behind a chart, its own measure first. A band asks three times: least, its aggregation, greatest.
 * @param timeZone makes buckets of a day calendar days there
 * @throws AppError when a variable has no usable value
 */
export function asksOf(definition: ChartDrawing, values: VariableValues, span: ViewRange, bucketMs: number, timeZone?: string): ChartAsk[] {
  const all = resolveValues(definition.variables, values);
  const measures = [{ selector: definition.selector, aggregation: definition.aggregation, name: undefined }, ...definition.beside];
  return measures.flatMap(({ selector, aggregation, name }, which) => {
    const bound = bindSelector(selector, all);
    const ask = (of: Aggregation): ChartAsk => ({
      key: `${which} ${of}`,
      name,
      ask: {
        selector: bound,
        aggregation: of,
        span,
        ...(of === 'raw' ? { bucketMs: 0 } : { bucketMs, ...(timeZone === undefined ? {} : { timeZone }) }),
      },
    });
    return definition.type === 'band' ? [ask('min'), ask(bandMiddle(aggregation)), ask('max')] : [ask(aggregation)];
  });
}

/** Types that show what an average hides: the least and the greatest value of each bucket. */
const showsExtremes: ReadonlySet<ChartDrawing['type']> = new Set(['line', 'area', 'step', 'table']);

/**
 * The questions for the least and the greatest value of each bucket, one for each question. Null where nothing is averaged, and where areas
 * stand on one another.
 */
export function edgeAsksOf(
  { type, stacked }: ChartDrawing,
  asks: readonly ChartAsk[],
): { least: (ChartAsk | null)[]; greatest: (ChartAsk | null)[] } {
  const shows = showsExtremes.has(type) && !(stacked && type === 'area');
  const edge = (aggregation: Aggregation) =>
    asks.map(({ key, name, ask }): ChartAsk | null => {
      if (!shows || ask.aggregation !== 'avg' || ask.bucketMs === 0) return null;
      return { key: `${key} ${aggregation}`, name, ask: { ...ask, aggregation } };
    });
  return { least: edge('min'), greatest: edge('max') };
}

/** The line inside a band; a band of stored points has their mean. */
const bandMiddle = (aggregation: Aggregation): Aggregation =>
  aggregation === 'raw' || aggregation === 'min' || aggregation === 'max' ? 'avg' : aggregation;
