import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { Aggregation } from '#common/contract/signals.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import { chooseBucket } from '#renderer/charts/plot/range.ts';
import { type RangeQuery, rangeLength, type ViewRange } from '#renderer/domain/queries/index.ts';

/** Returns the width of a chart's buckets, ms: the definition's, or one that suits the range and the width of the picture. */
export function bucketFor(definition: ChartDrawing, range: ViewRange, widthPx: number, now: number): number {
  return definition.bucketMs ?? chooseBucket(rangeLength(range, now), widthPx);
}

export interface ChartQuery {
  key: string;
  name: string | undefined;
  query: RangeQuery;
}

/**
 * Returns the queries of a chart, its first measure first. A band has three per measure: minimum, its aggregation, maximum.
 * @param timeZone makes buckets of a day calendar days there
 * @throws AppError when a variable has no usable value
 */
export function queriesOf(
  definition: ChartDrawing,
  values: VariableValues,
  range: ViewRange,
  bucketMs: number,
  timeZone?: string,
): ChartQuery[] {
  const all = resolveValues(definition.variables, values);
  const measures = [{ selector: definition.selector, aggregation: definition.aggregation, name: undefined }, ...definition.beside];
  return measures.flatMap(({ selector, aggregation, name }, which) => {
    const bound = bindSelector(selector, all);
    const query = (of: Aggregation): ChartQuery => ({
      key: `${which} ${of}`,
      name,
      query: {
        selector: bound,
        aggregation: of,
        range,
        ...(of === 'raw' ? { bucketMs: 0 } : { bucketMs, ...(timeZone === undefined ? {} : { timeZone }) }),
      },
    });
    return definition.type === 'band' ? [query('min'), query(bandMiddle(aggregation)), query('max')] : [query(aggregation)];
  });
}

/** Types that also show the minimum and the maximum of each bucket, which an average hides. */
const showsExtremes: ReadonlySet<ChartDrawing['type']> = new Set(['line', 'area', 'step', 'table']);

/**
 * Returns the queries for the minimum and the maximum of each bucket, one pair per query. Null if nothing is averaged, or if areas are
 * stacked.
 */
export function edgeQueriesOf(
  { type, stacked }: ChartDrawing,
  queries: readonly ChartQuery[],
): { least: (ChartQuery | null)[]; greatest: (ChartQuery | null)[] } {
  const shows = showsExtremes.has(type) && !(stacked && type === 'area');
  const edge = (aggregation: Aggregation) =>
    queries.map(({ key, name, query }): ChartQuery | null => {
      if (!shows || query.aggregation !== 'avg' || query.bucketMs === 0) return null;
      return { key: `${key} ${aggregation}`, name, query: { ...query, aggregation } };
    });
  return { least: edge('min'), greatest: edge('max') };
}

/** The aggregation of the line inside a band; for stored points the mean. */
const bandMiddle = (aggregation: Aggregation): Aggregation =>
  aggregation === 'raw' || aggregation === 'min' || aggregation === 'max' ? 'avg' : aggregation;
