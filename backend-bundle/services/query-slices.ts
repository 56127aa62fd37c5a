import { hourMs } from '#common/time/durations.ts';
import { calendarDays } from '#common/timeseries/buckets.ts';
import type { Estimate, SeriesRequest, SignalStore } from '../engines/signals/port.ts';

export type UnboundedRequest = Omit<SeriesRequest, 'maxPoints'>;

/** An interval of a query that is read separately. */
export interface QuerySlice {
  from: number;
  to: number;
  /** Estimated number of points in its answer. */
  points: number;
}

/** Approximate number of points in the answer to one slice: a few megabytes. */
const slicePoints = 250_000;
/** Approximate maximum number of points that one slice reads. It matters for percentiles, which read every point. */
const sliceReads = 4_000_000;
/** Maximum number of slices into which a range is divided at once; slices with more than twice the intended points are divided again. */
const maxSlices = 64;
const levels = 2;
/** Returns the maximum number of points in the answer to a query. */
export function answerPoints(question: UnboundedRequest, estimate: Estimate): number {
  const { from, to, aggregation, bucketMs } = question;
  if (bucketMs === 0 || aggregation === 'raw') return estimate.points;
  return Math.min(estimate.points, estimate.series * (Math.ceil((to - from) / bucketMs) + 1));
}

/**
 * Divides the range of a query at bucket edges into slices of about a quarter of a million points, oldest first. Slices are computed lazily.
 * @param estimate of the whole range
 */
export async function* slicesOf(
  store: Pick<SignalStore, 'estimate'>,
  question: UnboundedRequest,
  estimate: Estimate,
  level = 0,
): AsyncGenerator<QuerySlice, undefined> {
  const points = answerPoints(question, estimate);
  const reads = question.aggregation.startsWith('p') ? estimate.points : 0;
  const count = Math.min(maxSlices, Math.max(Math.ceil(points / slicePoints), Math.ceil(reads / sliceReads)));
  const cuts = level === levels || count <= (level === 0 ? 1 : 2) ? [] : cutsOf(question, count);
  if (cuts.length === 0) {
    yield { from: question.from, to: question.to, points };
    return undefined;
  }
  const edges = [question.from, ...cuts, question.to];
  for (const [i, from] of edges.slice(0, -1).entries()) {
    const slice = { ...question, from, to: edges[i + 1] as number };
    yield* slicesOf(store, slice, await estimateOf(store, slice, question, estimate), level + 1);
  }
  return undefined;
}

/** Estimates of the store count whole hours; within an hour, points are assumed to be spread evenly. */
async function estimateOf(
  store: Pick<SignalStore, 'estimate'>,
  slice: UnboundedRequest,
  whole: UnboundedRequest,
  ofWhole: Estimate,
): Promise<Estimate> {
  const share = (slice.to - slice.from) / (whole.to - whole.from);
  if (slice.to - slice.from < hourMs) return { series: ofWhole.series, points: Math.ceil(ofWhole.points * share) };
  return store.estimate(slice);
}

/** Returns bucket edges inside the range that divide it into about `count` equal slices. */
function cutsOf({ from, to, bucketMs, timeZone }: UnboundedRequest, count: number): number[] {
  const start = (t: number) =>
    bucketMs === 0 ? Math.floor(t) : timeZone === undefined ? Math.floor(t / bucketMs) * bucketMs : calendarDays(timeZone).start(t);
  const cuts = Array.from({ length: count - 1 }, (_, i) => start(from + ((i + 1) * (to - from)) / count));
  return [...new Set(cuts)].filter((cut) => cut > from && cut < to);
}
