import type { SeriesRow } from '#common/arrow/rows.ts';
import { AppError } from '#common/contract/errors.ts';
import { formatNumber } from '#common/format.ts';
import type { Engines } from '../../engines/port.ts';
import type { SignalColumns } from '../../engines/signals/port.ts';
import { damageOf } from '../damaged.ts';
import { slicesOf } from '../query-slices.ts';
import { segmentLabel } from './query.ts';

export interface RecordsRange {
  loaderCode: string;
  /** Half-open, ms. */
  from: number;
  to: number;
  segmentCode?: string;
}

/** The API's names of a record's fields, by the store's names. */
export const fields = { count: 'recCount', min: 'minVal', max: 'maxVal', avg: 'avgVal', sum: 'sumVal' } as const;
const columns = Object.keys(fields) as (keyof typeof fields)[];
/** Maximum number of records in one slice. Usually a quarter of a million; more if that many segments have a record at the same time. */
const maxRecordsPerSlice = 2_000_000;

/**
 * Streams the records of a range as series: one per segment and field, with the label `field`. In one slice, the series of a segment have
 * the same times and were read together. Parts are read as fast as the client receives them.
 */
export async function* streamRecords({ signals, now }: Engines<'signals'>, range: RecordsRange): AsyncGenerator<SeriesRow[]> {
  const { loaderCode, from, to, segmentCode } = range;
  const selector = { from: 'signal' as const, loaderCode, ...(segmentCode === undefined ? {} : { segmentCode }) };
  const question = { selector, from, to, aggregation: 'raw' as const, bucketMs: 0 };
  const estimate = await signals.estimate(question);
  yield [{ kind: 'plan', query: 0, from, to, points: estimate.points * columns.length }];
  try {
    for await (const slice of slicesOf(signals, question, estimate)) {
      const asOf = now();
      const segment = segmentCode === undefined ? {} : { segment: segmentCode };
      const found = await signals.records(loaderCode, { from: slice.from, to: slice.to, limit: maxRecordsPerSlice, ...segment });
      if (found.t.length > maxRecordsPerSlice) {
        throw new AppError('query_too_large', `There are more than ${formatNumber(maxRecordsPerSlice)} records in less than an hour.`, {
          hint: 'Ask for one segment with segmentCode.',
        });
      }
      const { from: start, to: end } = slice;
      const points = found.t.length * columns.length;
      const damage = await damageOf(signals, { selector, from: start, to: end });
      yield [...linesOf(loaderCode, found, start, end), { kind: 'part', query: 0, from: start, to: end, asOf, points, ...damage }];
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, hint } = error;
    yield [{ kind: 'failed', query: 0, code, message, ...(hint === undefined ? {} : { hint }) }];
  }
}

function* linesOf(loader: string, found: SignalColumns, from: number, to: number): Generator<SeriesRow> {
  const rowsOf = Map.groupBy(found.t.keys(), (row) => found.segment[row] ?? '');
  for (const [segment, rows] of rowsOf) {
    const column = (values: readonly number[]) => Float64Array.from(rows, (row) => values[row] as number);
    const t = column(found.t);
    for (const name of columns) {
      const labels = { loader, [segmentLabel]: segment, field: fields[name] };
      yield { kind: 'points', query: 0, from, to, labels, t, v: column(found[name]) };
    }
  }
}
