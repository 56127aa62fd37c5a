import { z } from 'zod';
import type { Problem } from '#common/contract/console/connections.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { PanelData, PanelQuery } from '#common/contract/console/series.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import { metricSeries } from '#common/contract/metrics.ts';
import { hourMs } from '#common/time/durations.ts';
import type { Interval } from '#common/time/intervals.ts';
import { coalesce, subtract } from '#common/time/intervals.ts';
import { problem, problemError } from '#common/words/problems.ts';
import type { CachedValues } from '../cache/values.ts';
import { Coalesced } from '../coalesce.ts';
import type { BackendConnection } from '../connections/connection.ts';
import { problemOf } from '../connections/problem.ts';
import type { Context } from '../context.ts';
import { type AnswerReceiver, Batcher, type SeriesPart } from './batcher.ts';
import { Confirmed } from './confirmed.ts';
import { blockMs, keyOf, outward } from './key.ts';
import { ReadProgress } from './progress.ts';
import type { CachedSeries } from './store.ts';

/** How often charts are notified of new points, ms: ten live charts then make thirty calls a minute. */
const notifyIntervalMs = 2_000;
/** If a range has more gaps than this, gaps are merged before they are requested. */
const maxParts = 4;
const pruneEveryMs = 600_000;
const seriesBudgetBytes = 512 * 1024 * 1024;
/** The list of metrics says when each last had a point. From an old copy, a live host would look silent. */
const lastPointFreshMs = 8_000;
/** After a disconnection, points that were read longer ago than this are read again in any case, ms. */
const restoreWithinMs = 24 * hourMs;
/** The clocks of a deployment may differ by less than this, ms. */
const catchUpMarginMs = 10_000;

/** The state for the charts of one connection. */
class ConnectionSeries {
  readonly batcher: Batcher;
  readonly confirmed = new Confirmed();
  readonly loaderCodes = new Set<string>();
  readonly metricNames = new Set<string>();
  readonly notifier: Coalesced;
  /** Resolves when it is known what was stored before connecting, or that this can't be known. */
  caughtUp: Promise<void> = Promise.resolve();

  constructor(connection: BackendConnection, context: Context) {
    this.batcher = new Batcher(connection, context.now);
    const emitStored = (): void => {
      context.emit('series', 'stored', {
        connectionId: connection.id,
        loaderCodes: [...this.loaderCodes],
        metricNames: [...this.metricNames],
      });
      this.loaderCodes.clear();
      this.metricNames.clear();
    };
    this.notifier = new Coalesced(emitStored, notifyIntervalMs, (error) =>
      context.log.error({ err: error }, 'news of series cannot be sent'),
    );
  }
}

/** Series of charts: from the local cache, completed by what the backend stored since. */
export class SeriesService {
  readonly handlers: ConsoleHandlers['series'];
  readonly #context: Context;
  /** By connection. A connection whose address changes starts with a new state. */
  readonly #seriesOf = new WeakMap<BackendConnection, ConnectionSeries>();
  readonly #open = new Set<ConnectionSeries>();
  readonly #pruning: NodeJS.Timeout;

  constructor(context: Context, cache: CachedValues, connectionOf: (id: string) => BackendConnection, budgetBytes = seriesBudgetBytes) {
    this.#context = context;
    this.#pruning = setInterval(() => void this.#prune(budgetBytes), pruneEveryMs).unref();
    this.handlers = {
      metrics: async ({ connectionId }) => {
        const ask = {
          schema: z.array(metricSeries),
          freshMs: lastPointFreshMs,
          ask: async (client: BackendConnection['client']) => (await client.metrics.series()).items,
        };
        const { value, asOf } = await cache.get(connectionOf(connectionId), 'metrics', ask);
        return { metrics: value ?? [], asOf };
      },
      query: async ({ connectionId, query, cacheOnly, progressId }, signal) => {
        const progress =
          progressId === undefined ? null : new ReadProgress((at) => context.emit('series', 'progress', { progressId, ...at }));
        return this.#query(connectionOf(connectionId), query, cacheOnly, progress, signal);
      },
    };
  }

  /** The connection is back: what was read before may have changed, so the charts on screen are refreshed. */
  live(connection: BackendConnection): void {
    const state = this.#seriesState(connection);
    const { loaderCodes, metricNames } = state.confirmed.forget();
    state.caughtUp = this.#catchUp(connection, state);
    this.#notifier(state, loaderCodes, metricNames);
  }

  /** Asks what was stored since the oldest query that may still be current. If the backend can't tell, everything is read again. */
  async #catchUp(connection: BackendConnection, state: ConnectionSeries): Promise<void> {
    const { database, log } = this.#context;
    try {
      const since = await database.read.oldestReading({ connectionId: connection.id, since: connection.serverNow() - restoreWithinMs });
      if (since !== null)
        state.confirmed.caughtUp(await connection.client.signals.changes({ query: { since: Math.max(0, since - catchUpMarginMs) } }));
    } catch (error) {
      log.debug({ err: error }, 'could not find out what was stored while offline; reading the series again');
    }
  }

  event(connection: BackendConnection, event: StreamEvent): void {
    if (event.type !== 'signals.stored' && event.type !== 'metrics.stored') return;
    const state = this.#seriesState(connection);
    state.confirmed.stored(event.data);
    if (event.type === 'signals.stored') this.#notifier(state, [event.data.loaderCode], []);
    else this.#notifier(state, [], event.data.names);
  }

  close(): void {
    clearInterval(this.#pruning);
    for (const state of this.#open) state.notifier.close();
  }

  async #query(
    connection: BackendConnection,
    query: PanelQuery,
    cacheOnly: boolean,
    progress: ReadProgress | null,
    signal: AbortSignal,
  ): Promise<PanelData> {
    const { from, to } = query;
    if (from >= to) throw problemError('range_reversed', {}, { field: 'query.to' });
    const whole = outward({ from, to }, query);
    let failure = cacheOnly ? null : await this.#complete(connection, query, whole, progress, signal);
    let held = await this.#held(connection, query, whole);
    if (held.unreadable.length > 0) {
      await this.#drop(connection, query, held.unreadable);
      if (!cacheOnly) {
        failure = await this.#complete(connection, query, whole, progress, signal);
        held = await this.#held(connection, query, whole);
      }
    }
    if (held.idle)
      await this.#context.database.write.markUsed({ ...this.#question(connection, query), now: this.#context.now(), ...whole });
    // What was just read is complete; the time since then doesn't count.
    const missing = failure === null && !cacheOnly ? [] : missingOf(held, { from, to }, connection.serverNow());
    return { series: held.series, asOf: held.asOf, missing, damaged: held.damaged, problem: failure };
  }

  #question(connection: BackendConnection, query: PanelQuery): { connectionId: string; key: string; bucketMs: number } {
    return { connectionId: connection.id, key: keyOf(query), bucketMs: query.bucketMs };
  }

  #held(connection: BackendConnection, query: PanelQuery, whole: Interval): Promise<CachedSeries> {
    return this.#context.database.read.heldSeries({ ...this.#question(connection, query), now: this.#context.now(), ...whole });
  }

  async #drop(connection: BackendConnection, query: PanelQuery, starts: readonly number[]): Promise<void> {
    const question = this.#question(connection, query);
    this.#context.log.warn({ key: question.key, stretches: starts.length }, 'cached points cannot be read; they are asked for again');
    await this.#context.database.write.dropUnreadable({ ...question, starts });
    const { confirmed } = this.#seriesState(connection);
    for (const start of starts) confirmed.lost(question.key, { from: start, to: start + blockMs(query.bucketMs) });
  }

  /** Reads from the backend what the cache lacks. @returns the problem, or null */
  async #complete(
    connection: BackendConnection,
    query: PanelQuery,
    whole: Interval,
    progress: ReadProgress | null,
    signal: AbortSignal,
  ): Promise<Problem | null> {
    if (!connection.isLive) return connection.status().problem ?? problem('not_connected_yet', { connection: connection.profile.name });
    const { confirmed, batcher } = await this.#caughtUp(connection, query);
    const { key } = this.#question(connection, query);
    const lacking = coalesce(confirmed.lacking(key, whole), maxParts);
    progress?.begin(lacking.reduce((sum, { from, to }) => sum + to - from, 0));
    const { selector, aggregation, bucketMs, timeZone } = query;
    const parts = lacking.map(async (range): Promise<Problem | null> => {
      const question = { selector, aggregation, bucketMs, ...(timeZone === undefined ? {} : { timeZone }), ...range };
      const arrived = (part: SeriesPart) => progress?.arrived(part.points, part.range.to - part.range.from);
      try {
        return await batcher.ask(question, () => this.#taker(connection, query), { signal, arrived });
      } catch (error) {
        signal.throwIfAborted();
        return problemOf(error, connection.profile.url);
      }
    });
    const problems = await Promise.all(parts);
    progress?.end();
    return problems.find((one) => one !== null) ?? null;
  }

  /** The state of a connection, once it is known which part of the cache is current for a query. */
  async #caughtUp(connection: BackendConnection, query: PanelQuery): Promise<ConnectionSeries> {
    const state = this.#seriesState(connection);
    await state.caughtUp;
    const question = this.#question(connection, query);
    if (state.confirmed.canRestore(question.key)) {
      state.confirmed.restore(question.key, query.selector, query, await this.#context.database.read.readingsOf(question));
    }
    return state;
  }

  /** Stores an answer as it arrives: each part is stored and recorded before the next one is read. */
  #taker(connection: BackendConnection, query: PanelQuery): AnswerReceiver {
    const { database, now } = this.#context;
    const question = this.#question(connection, query);
    const reading = this.#seriesState(connection).confirmed.reading(question.key, query.selector, query);
    return {
      part: async ({ range, series, asOf, damaged }) => {
        await database.write.storeSeries({ answers: [{ ...question, range, series, asOf, damaged }], now: now() });
        reading.take(range, asOf);
      },
      end: () => reading.end(),
    };
  }

  #notifier(state: ConnectionSeries, loaderCodes: readonly string[], metricNames: readonly string[]): void {
    if (loaderCodes.length + metricNames.length === 0) return;
    for (const code of loaderCodes) state.loaderCodes.add(code);
    for (const name of metricNames) state.metricNames.add(name);
    state.notifier.ask();
  }

  #seriesState(connection: BackendConnection): ConnectionSeries {
    const known = this.#seriesOf.get(connection);
    if (known !== undefined) return known;
    const state = new ConnectionSeries(connection, this.#context);
    this.#seriesOf.set(connection, state);
    this.#open.add(state);
    return state;
  }

  async #prune(maxBytes: number): Promise<void> {
    const { database, log } = this.#context;
    try {
      const dropped = await database.write.pruneSeries({ maxBytes });
      if (dropped > 0) log.info({ bytes: dropped }, 'old points left the cache');
    } catch (error) {
      log.warn({ err: error }, 'the cache of points could not be pruned');
    }
  }
}

/** Returns the intervals of the range that were never read. The future is not missing. */
function missingOf({ held }: CachedSeries, { from, to }: Interval, now: number): Interval[] {
  const past = { from, to: Math.min(to, now) };
  return past.from < past.to ? subtract([past], held) : [];
}
