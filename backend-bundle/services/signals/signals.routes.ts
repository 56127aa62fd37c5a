import type { SeriesQuery } from '#common/contract/charts.ts';
import type { AnswerOf, RequestOf } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { type MetricBatch, metrics } from '#common/contract/metrics.ts';
import { points } from '#common/contract/points.ts';
import { buckets, type SignalRecord, signals } from '#common/contract/signals.ts';
import { checkPointTime } from '#common/contract/times.ts';
import type { Interval } from '#common/time/intervals.ts';
import type { Engines } from '../../engines/port.ts';
import type { SignalColumns } from '../../engines/signals/port.ts';
import { audit } from '../audit.ts';
import { damageInSeconds } from '../damaged.ts';
import { type Peers, serviceCaller } from '../peers.ts';
import { streamSeries } from '../series-stream.ts';
import { type Handler, type RequestTo, type Route, routes } from '../service.ts';
import type { StoredEvents } from '../stored-events.ts';
import { checkTimeRange } from '../time-range.ts';
import { readAnswer } from './answer.ts';
import type { ChangeJournal } from './journal.ts';
import { streamRecords } from './records.ts';
import { isKnownBatch, rememberBatch } from './signals.store.ts';

/** The parts of the service that its routes use, apart from the engines. */
export interface SignalParts {
  peers: Peers;
  announcer: StoredEvents;
  journal: ChangeJournal;
}

export function allSignalRoutes(engines: Engines<'signals'>, parts: SignalParts): Route[] {
  return [...signalRoutes(engines, parts), ...metricRoutes(engines, parts), ...pointRoutes(engines)];
}

function signalRoutes(engines: Engines<'signals'>, { peers, announcer, journal }: SignalParts): Route[] {
  const checkLoader = makeLoaderCheck(engines, peers);
  return routes(signals, {
    bulk: (request) => receiveSignals(engines, announcer, request),
    range: rangeHandlers(engines, checkLoader),
    query: queryHandlers(engines, checkLoader),
    changes: ({ query }) => journal.changes(query.since),
  });
}

async function receiveSignals(
  { signals: store, database, now, log }: Engines<'signals'>,
  announcer: StoredEvents,
  { body, caller }: RequestTo<typeof signals.bulk>,
): Promise<AnswerOf<typeof signals.bulk>> {
  const at = now();
  for (const [i, record] of body.signals.entries()) checkPointTime(record.timestamp * 1000, at, () => `signals.${i}.timestamp`);
  const codes = Map.groupBy(body.signals, (record) => record.loaderCode);
  const batches = Array.from(codes, ([loaderCode, records]) => ({ loaderCode, records: toColumns(records) }));
  const entry = { actor: caller, entity: [...codes.keys()].slice(0, 20).join(','), detail: { records: body.signals.length } };
  // Points may be in another file than the audit log, so no transaction covers both. The entry is written first, so that nothing is
  // stored without one.
  await audit(database.query, { ...entry, action: 'signals.received', at });
  try {
    await store.appendSignalBatches(batches);
  } catch (error) {
    await audit(database.query, { ...entry, action: 'signals.not_stored', at: now() }).catch((err: unknown) => {
      log.warn({ err }, 'the audit entry for signals that were not stored could not be written');
    });
    throw error;
  }
  for (const { loaderCode, records } of batches) announcer.signals(loaderCode, intervalOf(records.t));
  const replaced = countReplaced(body.signals);
  return { stored: body.signals.length - replaced, replaced };
}

/** The signals of a loader in an interval, as stored. */
function rangeHandlers(engines: Engines<'signals'>, checkLoader: LoaderCheck): Handler<typeof signals.range> {
  const { signals: store } = engines;
  return {
    json: async ({ params: { loaderCode }, query }) => {
      const { limit, segmentCode } = query;
      const range = toRange(query);
      await checkLoader(loaderCode);
      const found = await store.records(loaderCode, {
        ...range,
        limit: limit + 1,
        ...(segmentCode === undefined ? {} : { segment: segmentCode }),
      });
      const selector = { from: 'signal' as const, loaderCode, ...(segmentCode === undefined ? {} : { segmentCode }) };
      return {
        loaderCode,
        timeRange: { from: query.fromEpoch, to: query.toEpoch },
        items: toRecords(loaderCode, found).slice(0, limit),
        truncated: found.t.length > limit,
        ...(await damageInSeconds(store, { selector, ...range })),
      };
    },
    async *arrow({ params: { loaderCode }, query }) {
      const { segmentCode } = query;
      const range = toRange(query);
      await checkLoader(loaderCode);
      yield* streamRecords(engines, { loaderCode, ...range, ...(segmentCode === undefined ? {} : { segmentCode }) });
    },
  };
}

/** The signals of a loader in an interval, aggregated in buckets. */
function queryHandlers(engines: Engines<'signals'>, checkLoader: LoaderCheck): Handler<typeof signals.query> {
  const { signals: store, now } = engines;

  const toQuestion = async (query: RequestOf<typeof signals.query>['query']): Promise<SeriesQuery> => {
    const { loaderCode, segmentCode, aggregation, bucket, timeZone } = query;
    const range = toRange(query);
    await checkLoader(loaderCode);
    const selector = { from: 'signal' as const, loaderCode, ...(segmentCode === undefined ? {} : { segmentCode }) };
    const bucketMs = aggregation === 'raw' ? 0 : buckets[bucket];
    return { selector, ...range, aggregation, bucketMs, ...(timeZone === undefined ? {} : { timeZone }) };
  };

  return {
    json: async ({ query, signal }) => {
      const { loaderCode, bucket, aggregation, fill: policy, limit } = query;
      const question = await toQuestion(query);
      const { points, downsampled, summary } = await readAnswer(store, { question, policy, limit, at: now(), signal });
      return {
        loaderCode,
        timeRange: { from: query.fromEpoch, to: query.toEpoch },
        aggregation,
        bucket: question.bucketMs === 0 ? null : bucket,
        downsampled,
        dataPoints: points.map(({ timestamp, segmentCode, value }, i) => ({
          timestamp,
          segmentCode,
          recCount: summary['recCount']?.[i] ?? 0,
          minVal: summary['minVal']?.[i] ?? null,
          maxVal: summary['maxVal']?.[i] ?? null,
          avgVal: summary['avgVal']?.[i] ?? null,
          sumVal: summary['sumVal']?.[i] ?? null,
          value,
        })),
        ...(await damageInSeconds(store, question)),
      };
    },
    async *arrow({ query, signal }) {
      yield* streamSeries(engines, [await toQuestion(query)], signal);
    },
  };
}

/** @throws AppError not_found for an unknown loader; unavailable when the loaders service does not answer */
type LoaderCheck = (loaderCode: string) => Promise<void>;

/** A loader is known when it is defined here or when another program has sent signals under its code. */
function makeLoaderCheck({ signals: store, now }: Engines<'signals'>, peers: Peers): LoaderCheck {
  const isDefined = async (code: string) => {
    try {
      await peers.as(serviceCaller('signals')).loaders.get({ params: { code } });
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return false;
      throw error;
    }
  };
  return async (loaderCode) => {
    if ((await store.series({ from: 'signal', loaderCode })).length > 0) return;
    // The series may be among those lost to damage, which the answer then reports.
    if ((await store.damaged({ selector: { from: 'signal', loaderCode }, from: 0, to: now() })).length > 0) return;
    if (await isDefined(loaderCode)) return;
    throw new AppError('not_found', `There is no loader ${loaderCode}, and no signal came under that code.`, {
      field: 'loaderCode',
      hint: 'GET /api/v1/res/loaders/loaders lists the loaders.',
    });
  };
}

function metricRoutes(engines: Engines<'signals'>, { announcer }: SignalParts): Route[] {
  const { signals: store, database, now } = engines;
  return routes(metrics, {
    ingest: async ({ body }) => {
      const at = now();
      for (const [i, { points }] of body.metrics.entries()) {
        for (const [j, [t]] of points.entries()) checkPointTime(t, at, () => `metrics.${i}.points.${j}.0`);
      }
      const stored = body.metrics.reduce((sum, metric) => sum + metric.points.length, 0);
      if (await isKnownBatch(database.query, body.batchId)) return { stored };
      // The points are stored durably first, because the two may be in different files. If the process dies in between, the agent repeats
      // the batch and points with equal times replace each other, so the effect is the same.
      await store.appendMetrics(body.metrics.map((metric) => ({ ...metric, unit: metric.unit ?? '' })));
      // Announced before the batch id is stored: if that fails, the points are stored all the same.
      announcer.metrics(namesOf(body), intervalOf(body.metrics.flatMap((metric) => metric.points.map(([t]) => t))));
      await rememberBatch(database.query, body.batchId, now());
      return { stored };
    },
    series: async () => ({ items: await store.metricSeries() }),
  });
}

function pointRoutes({ signals: store, database, bus, now }: Engines<'signals'>): Route[] {
  return routes(points, {
    delete: async ({ body: { selector, ...interval }, caller }) => {
      checkTimeRange(interval);
      const name = selector.from === 'signal' ? selector.loaderCode : selector.name;
      if ((await store.series(selector)).length === 0) {
        throw new AppError('not_found', `No series matches: there is nothing of ${name} to delete.`, {
          field: 'selector',
          hint: 'Check the code or name, and the segment or labels.',
        });
      }
      // Points may be in another file than the audit log, so there are two entries: the request and the result. Nothing is deleted without
      // an entry.
      const entry = { actor: caller, entity: name, detail: { selector, ...interval } };
      await audit(database.query, { ...entry, action: 'points.deletion_begun', at: now() });
      try {
        const deleted = await store.remove({ selector, ...interval });
        await audit(database.query, { ...entry, action: 'points.deleted', detail: { ...entry.detail, deleted }, at: now() });
        return { deleted };
      } finally {
        // Also after a failure: some points may have been deleted. Announced separately, so that the intervals of other names don't grow.
        if (selector.from === 'signal') bus.announce('signals.stored', { loaderCode: name, ...interval });
        else bus.announce('metrics.stored', { names: [name], ...interval });
      }
    },
  });
}

const namesOf = (batch: MetricBatch) => new Set(batch.metrics.map((metric) => metric.name));

function toRange({ fromEpoch, toEpoch }: { fromEpoch: number; toEpoch: number }): { from: number; to: number } {
  const range = { from: fromEpoch * 1000, to: toEpoch * 1000 };
  checkTimeRange(range, { from: 'fromEpoch', to: 'toEpoch' });
  return range;
}

function intervalOf(times: readonly number[]): Interval {
  let from = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const t of times) {
    from = Math.min(from, t);
    last = Math.max(last, t);
  }
  return { from, to: last + 1 };
}

/** Counts the records that are replaced by a later one with the same loader, time and segment. */
function countReplaced(records: readonly SignalRecord[]): number {
  const keys = new Set(records.map(({ loaderCode, timestamp, segmentCode }) => `${loaderCode} ${timestamp} ${segmentCode}`));
  return records.length - keys.size;
}

/** Converts the seconds of the API to milliseconds. */
function toColumns(records: readonly SignalRecord[]): SignalColumns {
  return {
    segment: records.map((record) => record.segmentCode),
    t: records.map((record) => record.timestamp * 1000),
    count: records.map((record) => record.recCount),
    min: records.map((record) => record.minVal),
    max: records.map((record) => record.maxVal),
    avg: records.map((record) => record.avgVal),
    sum: records.map((record) => record.sumVal),
  };
}

function toRecords(loaderCode: string, columns: SignalColumns): SignalRecord[] {
  return columns.t.map((t, row) => ({
    loaderCode,
    timestamp: t / 1000,
    segmentCode: columns.segment[row] ?? '',
    recCount: columns.count[row] ?? 0,
    minVal: columns.min[row] ?? 0,
    maxVal: columns.max[row] ?? 0,
    avgVal: columns.avg[row] ?? 0,
    sumVal: columns.sum[row] ?? 0,
  }));
}
