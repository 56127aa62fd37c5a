import type { SeriesQuery } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { FillPolicy } from '#common/contract/signals.ts';
import { formatNumber, formatSetDuration } from '#common/format.ts';
import type { BucketWidth } from '#common/timeseries/buckets.ts';
import { fill } from '#common/timeseries/fill.ts';
import type { FieldName, SeriesPoints, SignalStore } from '../../engines/signals/port.ts';
import type { CachedReadOptions } from '../query-cache.ts';
import { type QuerySlice, slicesOf } from '../query-slices.ts';
import { columnOf, flatten, type PlainPoint, segmentLabel, valuesAt } from './query.ts';
import { fields } from './records.ts';

/** Maximum number of points that a JSON answer is computed from. */
const maxPointsRead = 5_000_000;
/** Maximum number of buckets that `fill` creates, over all segments. */
const maxBucketsFilled = 1_000_000;
/** Time limits of a JSON answer, ms: in one read, and in slices, where everything is read twice. */
const queryTimeoutMs = 15_000;
const slicesTimeoutMs = 30_000;

type Store = Pick<SignalStore, 'query' | 'estimate'>;
type Column = readonly (number | null)[];

export interface Answer {
  points: PlainPoint[];
  downsampled: boolean;
  /** The fields of each point by their names in the API, in the order of the points. */
  summary: Readonly<Record<string, Column>>;
}

export interface AnswerOptions {
  question: SeriesQuery;
  policy: FillPolicy;
  /** Maximum number of points in the answer. */
  limit: number;
  /** Current time, epoch ms: buckets in the future are not gaps. */
  at: number;
  signal: AbortSignal;
}

/** Reads a JSON answer of the query API. @throws AppError query_too_large; timeout */
export async function readAnswer(store: Store, options: AnswerOptions): Promise<Answer> {
  const { question, policy } = options;
  if (question.bucketMs > 0 && policy !== 'none') return readWhole(store, options);
  const slices: QuerySlice[] = [];
  for await (const slice of slicesOf(store, question, await store.estimate(question))) slices.push(slice);
  return slices.length === 1 ? readWhole(store, options) : readSlices(store, options, slices);
}

/** Reads all columns at once: read one after the other, they could differ by points stored in between. */
async function readWhole(store: Store, { question, policy, limit, at, signal }: AnswerOptions): Promise<Answer> {
  const gaps = question.bucketMs === 0 ? 'none' : policy;
  const maxPoints = gaps === 'none' ? maxPointsRead : maxBucketsFilled;
  const lines = await store.query({ ...question, withFields: true, maxPoints }, { signal, timeoutMs: queryTimeoutMs });
  const column = (of: FieldName | 'value', by: FillPolicy) => {
    const found = columnOf(lines, of);
    return by === 'none' ? found : fillAll(found, by, question, at);
  };
  const { points, downsampled } = flatten(column('value', gaps), limit);
  const summary: Record<string, Column> = {};
  // One after the other, so that only one filled column is in memory at a time.
  for (const [of, name] of Object.entries(fields) as [FieldName, string][]) {
    summary[name] = valuesAt(points, column(of, of === 'count' && gaps !== 'none' ? 'zero' : gaps));
  }
  return { points, downsampled, summary };
}

/**
 * Reads a long answer in slices: first the values of all points, to choose those to keep, then the fields of those. A point's value and
 * fields come from the same read; a point deleted in between is left out.
 */
async function readSlices(store: Store, { question, limit, signal }: AnswerOptions, slices: readonly QuerySlice[]): Promise<Answer> {
  const endAt = performance.now() + slicesTimeoutMs;
  const read = async ({ from, to }: QuerySlice, withFields: boolean): Promise<SeriesPoints[]> => {
    const options: CachedReadOptions = { signal, timeoutMs: Math.max(1, endAt - performance.now()), remember: false };
    return store.query({ ...question, from, to, withFields, maxPoints: maxPointsRead }, options).catch((error: unknown) => {
      // Its message names the time that was left for this slice, not the total.
      throw error instanceof AppError && error.code === 'timeout' ? tookTooLong() : error;
    });
  };
  const gathered = new Gathered();
  for (const slice of slices) {
    gathered.add(await read(slice, false));
    if (gathered.points > maxPointsRead) throw tooMuchRead();
  }
  const { points: chosen, downsampled } = flatten(gathered.lines(), limit);
  const points: PlainPoint[] = [];
  const summary: Record<string, (number | null)[]> = Object.fromEntries(Object.values(fields).map((name) => [name, []]));
  for (const [i, slice] of slices.entries()) {
    const to = slices.length - 1 === i ? Number.POSITIVE_INFINITY : slice.to / 1_000;
    const from = i === 0 ? Number.NEGATIVE_INFINITY : slice.from / 1_000;
    const inside = chosen.filter(({ timestamp }) => timestamp >= from && timestamp < to);
    if (inside.length === 0) continue;
    const lines = await read(slice, true);
    const values = valuesAt(inside, columnOf(lines, 'value'));
    const isThere = (_: unknown, index: number) => values[index] !== null;
    points.push(...inside.map((point, index) => ({ ...point, value: values[index] ?? null })).filter(isThere));
    for (const [of, name] of Object.entries(fields) as [FieldName, string][]) {
      summary[name]?.push(...valuesAt(inside, columnOf(lines, of)).filter(isThere));
    }
  }
  return { points, downsampled, summary };
}

/** Collects the times and values of an answer that is read in slices. */
class Gathered {
  readonly #slices = new Map<string, Pick<SeriesPoints, 'labels' | 't' | 'v'>[]>();
  points = 0;

  add(lines: readonly SeriesPoints[]): void {
    for (const { labels, t, v } of lines) {
      const segment = labels[segmentLabel] ?? '';
      const slices = this.#slices.get(segment) ?? [];
      this.#slices.set(segment, [...slices, { labels, t, v }]);
      this.points += t.length;
    }
  }

  /** Joins the slices and frees each series as it goes: two copies of everything would take too much memory. */
  lines(): SeriesPoints[] {
    return Array.from(this.#slices, ([segment, slices]) => {
      this.#slices.delete(segment);
      const length = slices.reduce((sum, { t }) => sum + t.length, 0);
      const line = { labels: slices[0]?.labels ?? {}, t: new Float64Array(length), v: new Float64Array(length) };
      let at = 0;
      for (const { t, v } of slices) {
        line.t.set(t, at);
        line.v.set(v, at);
        at += t.length;
      }
      return line;
    });
  }
}

const hint = 'Ask for a shorter range, a wider bucket or one segment.';

const tookTooLong = () =>
  new AppError('timeout', `The query took longer than ${formatSetDuration(slicesTimeoutMs)} and was stopped.`, { hint });

const tooMuchRead = () =>
  new AppError('query_too_large', `The answer would be made from more than ${formatNumber(maxPointsRead)} points.`, {
    field: 'bucket',
    hint,
  });

/** @throws AppError query_too_large when there would be too many buckets */
function fillAll(
  lines: readonly SeriesPoints[],
  policy: FillPolicy,
  { from, to, bucketMs, timeZone }: SeriesQuery,
  now: number,
): SeriesPoints[] {
  const end = Math.min(to, now);
  const buckets = lines.length * Math.ceil((end - from) / bucketMs);
  if (buckets > maxBucketsFilled) {
    throw new AppError('query_too_large', `Filled, the answer would hold ${formatNumber(buckets)} buckets of ${lines.length} segments.`, {
      field: 'bucket',
      hint: `Ask for a wider bucket, a shorter range or no fill; the limit is ${formatNumber(maxBucketsFilled)}.`,
    });
  }
  const width: BucketWidth = timeZone === undefined ? { ms: bucketMs } : { days: 1, timeZone };
  return lines.map(({ labels, t, v }) => ({ labels, ...fill(t, v, policy, from, end, width) }));
}
