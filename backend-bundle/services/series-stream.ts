import type { SeriesRow } from '#common/arrow/rows.ts';
import type { SeriesQuery } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import { formatNumber } from '#common/format.ts';
import type { Interval } from '#common/time/intervals.ts';
import type { Engines } from '../engines/port.ts';
import type { Estimate, SeriesPoints } from '../engines/signals/port.ts';
import { damageOf } from './damaged.ts';
import type { CachedReadOptions } from './query-cache.ts';
import { answerPoints, type QuerySlice, slicesOf } from './query-slices.ts';
import { checkTimeRange } from './time-range.ts';

/** Maximum number of points in one answer: 1.6 GB on the wire. */
const maxPointsStreamed = 100_000_000;
/** Maximum number of points in one slice. Usually a quarter of a million; more if that many series have a point at the same time. */
const maxPointsPerSlice = 5_000_000;
/** Answers with more points are not cached: they would evict everything else. */
const maxPointsCached = 1_000_000;
/** Time limit for reading one slice, ms. */
const sliceTimeoutMs = 30_000;
/** Maximum number of slices that are read ahead of the one being sent, and of the points in them. */
const maxSlicesAhead = 4;
const maxPointsAhead = 600_000;

interface Planned {
  query: number;
  question: SeriesQuery;
  estimate: Estimate;
}

/** Streams the answers to queries: short answers first, long ones in slices, which are read as fast as the client receives them. */
export async function* streamSeries(
  engines: Pick<Engines, 'signals' | 'now'>,
  queries: readonly SeriesQuery[],
  signal: AbortSignal,
): AsyncGenerator<SeriesRow[]> {
  const { rows, planned } = await planAll(engines, queries);
  yield rows;
  const failed = new Set<number>();
  const ahead: (Step & { asOf: number; reading: Promise<SeriesPoints[]> })[] = [];
  const steps = allSteps(engines, planned, failed);
  let exhausted = false;
  // If the consumer stops early, reading stops too.
  const leaving = new AbortController();
  const until = AbortSignal.any([signal, leaving.signal]);
  try {
    for (;;) {
      while (!exhausted && ahead.length < maxSlicesAhead && (ahead.length === 0 || pointsOf(ahead) < maxPointsAhead)) {
        const next = await steps.next();
        if (next.done) exhausted = true;
        else ahead.push({ ...next.value, asOf: engines.now(), reading: read(engines, next.value, until) });
      }
      const first = ahead.shift();
      if (first === undefined) return;
      const { plan, slice, asOf, reading } = first;
      if (failed.has(plan.query)) continue;
      try {
        const lines = await reading;
        const { from, to } = slice;
        yield rowsOf(plan.query, slice, asOf, lines, await damageOf(engines.signals, { ...plan.question, from, to }));
      } catch (error) {
        failed.add(plan.query);
        yield [failureOf(plan.query, error)];
      }
    }
  } finally {
    leaving.abort();
    await steps.return(undefined);
  }
}

/** A slice to be read; `problem` if dividing the range failed. */
interface Step {
  plan: Planned;
  slice: QuerySlice;
  problem?: unknown;
}

const pointsOf = (ahead: readonly { slice: QuerySlice }[]) => ahead.reduce((sum, { slice }) => sum + slice.points, 0);

async function planAll(
  engines: Pick<Engines, 'signals' | 'now'>,
  queries: readonly SeriesQuery[],
): Promise<{ rows: SeriesRow[]; planned: Planned[] }> {
  const rows: SeriesRow[] = [];
  const planned: Planned[] = [];
  await Promise.all(
    queries.map(async (question, query) => {
      try {
        checkTimeRange(question);
        const estimate = await engines.signals.estimate(question);
        const points = answerPoints(question, estimate);
        if (points > maxPointsStreamed) throw tooMuch(points, estimate.series);
        planned.push({ query, question, estimate });
        rows.push({ kind: 'plan', query, from: question.from, to: question.to, points });
      } catch (error) {
        rows.push(failureOf(query, error));
      }
    }),
  );
  return { rows, planned: planned.toSorted((a, b) => a.estimate.points - b.estimate.points || a.query - b.query) };
}

async function* allSteps(
  engines: Pick<Engines, 'signals' | 'now'>,
  planned: readonly Planned[],
  failed: ReadonlySet<number>,
): AsyncGenerator<Step, undefined> {
  for (const plan of planned) {
    try {
      for await (const slice of slicesOf(engines.signals, plan.question, plan.estimate)) {
        if (failed.has(plan.query)) break;
        yield { plan, slice };
      }
    } catch (problem) {
      const { from, to } = plan.question;
      yield { plan, slice: { from, to, points: 0 }, problem };
    }
  }
  return undefined;
}

function read(
  { signals }: Pick<Engines, 'signals' | 'now'>,
  { plan, slice: { from, to }, problem }: Step,
  signal: AbortSignal,
): Promise<SeriesPoints[]> {
  const remember = answerPoints(plan.question, plan.estimate) <= maxPointsCached;
  const options: CachedReadOptions = { signal, timeoutMs: sliceTimeoutMs, remember };
  const reading =
    problem === undefined ? signals.query({ ...plan.question, from, to, maxPoints: maxPointsPerSlice }, options) : Promise.reject(problem);
  // It is awaited later, or never.
  reading.catch(() => undefined);
  return reading;
}

function rowsOf(
  query: number,
  { from, to }: QuerySlice,
  asOf: number,
  lines: readonly SeriesPoints[],
  damage: { damaged?: Interval[] },
): SeriesRow[] {
  const points = lines.reduce((sum, { t }) => sum + t.length, 0);
  return [
    ...lines.map(({ labels, t, v }): SeriesRow => ({ kind: 'points', query, from, to, labels, t, v })),
    { kind: 'part', query, from, to, asOf, points, ...damage },
  ];
}

/** @throws errors that are not about the query: the stream then ends with an error */
function failureOf(query: number, error: unknown): SeriesRow {
  if (!(error instanceof AppError)) throw error;
  return { kind: 'failed', query, code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
}

function tooMuch(points: number, series: number): AppError {
  const count = (n: number) => formatNumber(n);
  return new AppError(
    'query_too_large',
    `The answer would hold about ${count(points)} points of ${count(series)} series; the limit is ${count(maxPointsStreamed)}.`,
    {
      field: 'bucketMs',
      hint: 'Ask for a shorter range, a wider bucket or fewer series.',
    },
  );
}
