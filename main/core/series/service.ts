import { z } from 'zod';
import { chartDefinition } from '#common/contract/charts.ts';
import type { Problem } from '#common/contract/console/connections.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { PanelData, PanelQuery } from '#common/contract/console/series.ts';
import { AppError } from '#common/contract/errors.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import { metricSeries } from '#common/contract/metrics.ts';
import type { Interval } from '#common/timeseries/coverage.ts';
import { alignToBuckets, coalesce, subtract } from '#common/timeseries/coverage.ts';
import { Coalesced } from '../coalesce.ts';
import type { Link } from '../connections/link.ts';
import { problemOf } from '../connections/problem.ts';
import type { Context } from '../context.ts';
import type { SeenValues } from '../operations/seen.ts';
import { Batcher } from './batcher.ts';
import { Confirmed } from './confirmed.ts';
import { keyOf } from './key.ts';
import type { Answer, Held } from './store.ts';

/** Charts are told of new points this often, ms: with ten of them live that makes thirty calls a minute. */
const tellEveryMs = 2_000;
/** A range with more holes than this is asked for in wider parts. */
const mostParts = 4;
const pruneEveryMs = 600_000;
export const seriesBudgetBytes = 512 * 1024 * 1024;
const freshMs = 60_000;
/** The list of metrics says when each was last heard: an old copy would call a host silent that is not. */
const lastPointFreshMs = 8_000;

/** What one connection's charts need. */
class Lane {
  readonly batcher: Batcher;
  readonly confirmed = new Confirmed();
  readonly loaderCodes = new Set<string>();
  readonly metricNames = new Set<string>();
  readonly tell: Coalesced;

  constructor(link: Link, context: Context) {
    this.batcher = new Batcher(link, context.now);
    const say = (): void => {
      context.emit('series', 'stored', { connectionId: link.id, loaderCodes: [...this.loaderCodes], metricNames: [...this.metricNames] });
      this.loaderCodes.clear();
      this.metricNames.clear();
    };
    this.tell = new Coalesced(say, tellEveryMs, (error) => context.log.error({ err: error }, 'news of series cannot be sent'));
  }
}

/** Series of charts: from the local cache, completed by what the backend stored since. */
export class Series {
  readonly handlers: ConsoleHandlers['series'];
  readonly #context: Context;
  /** By link: a connection that changed its address starts anew. */
  readonly #lanes = new WeakMap<Link, Lane>();
  readonly #open = new Set<Lane>();
  readonly #pruning: NodeJS.Timeout;

  constructor(context: Context, seen: SeenValues, linkOf: (id: string) => Link, budgetBytes = seriesBudgetBytes) {
    this.#context = context;
    this.#pruning = setInterval(() => void this.#prune(budgetBytes), pruneEveryMs).unref();
    this.handlers = {
      charts: async ({ connectionId }) => {
        const ask = {
          schema: z.array(chartDefinition),
          freshMs,
          ask: async (client: Link['client']) => (await client.charts.list()).items,
        };
        const { value, asOf } = await seen.get(linkOf(connectionId), 'charts', ask);
        return { charts: value ?? [], asOf };
      },
      metrics: async ({ connectionId }) => {
        const ask = {
          schema: z.array(metricSeries),
          freshMs: lastPointFreshMs,
          ask: async (client: Link['client']) => (await client.metrics.series()).items,
        };
        const { value, asOf } = await seen.get(linkOf(connectionId), 'metrics', ask);
        return { metrics: value ?? [], asOf };
      },
      query: ({ connectionId, query, cacheOnly }) => this.#query(linkOf(connectionId), query, cacheOnly),
    };
  }

  /** Contact is back: what was read before may have changed, so the charts on screen ask again. */
  live(link: Link): void {
    const lane = this.#lane(link);
    const { loaderCodes, metricNames } = lane.confirmed.forget();
    this.#tell(lane, loaderCodes, metricNames);
  }

  event(link: Link, event: StreamEvent): void {
    if (event.type !== 'signals.stored' && event.type !== 'metrics.stored') return;
    const lane = this.#lane(link);
    lane.confirmed.stored(event.data);
    if (event.type === 'signals.stored') this.#tell(lane, [event.data.loaderCode], []);
    else this.#tell(lane, [], event.data.names);
  }

  close(): void {
    clearInterval(this.#pruning);
    for (const lane of this.#open) lane.tell.close();
  }

  async #query(link: Link, query: PanelQuery, cacheOnly: boolean): Promise<PanelData> {
    const { from, to, bucketMs } = query;
    if (from >= to) {
      throw new AppError('invalid_time_range', 'The range ends before it begins.', {
        field: 'query.to',
        hint: 'Give an end after the start.',
      });
    }
    const key = keyOf(query);
    const whole = alignToBuckets({ from, to }, bucketMs);
    const problem = cacheOnly ? null : await this.#complete(link, query, key, whole);
    const held = await this.#context.cache.read.heldSeries({ connectionId: link.id, key, bucketMs, now: this.#context.now(), ...whole });
    if (held.idle) await this.#context.cache.write.markUsed({ connectionId: link.id, key, bucketMs, now: this.#context.now(), ...whole });
    // What was just read in full lacks nothing; the instant since then does not count.
    const missing = problem === null && !cacheOnly ? [] : missingOf(held, { from, to }, link.serverNow());
    return { series: held.series, asOf: held.asOf, missing, problem };
  }

  /** Reads from the backend what the cache cannot answer for. @returns what stood in the way, or null */
  async #complete(link: Link, query: PanelQuery, key: string, whole: Interval): Promise<Problem | null> {
    if (!link.isLive) return link.status().problem ?? { code: 'unavailable', message: `${link.profile.name} is not connected yet.` };
    const { bucketMs, selector, aggregation } = query;
    const lane = this.#lane(link);
    const lacking = coalesce(lane.confirmed.lacking(key, whole), mostParts);
    const parts = lacking.map(async (range): Promise<Problem | null> => {
      const reading = lane.confirmed.reading(key, selector, bucketMs);
      try {
        const answered = await lane.batcher.ask({ selector, aggregation, bucketMs, ...range });
        if (!answered.ok) return answered.problem;
        const answer: Answer = { connectionId: link.id, key, bucketMs, range, series: answered.series, asOf: answered.asOf };
        await this.#context.cache.write.storeSeries({ answers: [answer], now: this.#context.now() });
        reading.take(range, answered.asOf);
        return null;
      } catch (error) {
        return problemOf(error, link.profile.url);
      } finally {
        reading.end();
      }
    });
    return (await Promise.all(parts)).find((problem) => problem !== null) ?? null;
  }

  #tell(lane: Lane, loaderCodes: readonly string[], metricNames: readonly string[]): void {
    if (loaderCodes.length + metricNames.length === 0) return;
    for (const code of loaderCodes) lane.loaderCodes.add(code);
    for (const name of metricNames) lane.metricNames.add(name);
    lane.tell.ask();
  }

  #lane(link: Link): Lane {
    const known = this.#lanes.get(link);
    if (known !== undefined) return known;
    const lane = new Lane(link, this.#context);
    this.#lanes.set(link, lane);
    this.#open.add(lane);
    return lane;
  }

  async #prune(maxBytes: number): Promise<void> {
    const { cache, log } = this.#context;
    try {
      const dropped = await cache.write.pruneSeries({ maxBytes });
      if (dropped > 0) log.info({ bytes: dropped }, 'old points left the cache');
    } catch (error) {
      log.warn({ err: error }, 'the cache of points could not be pruned');
    }
  }
}

/** What of the range nobody has read. What has not happened yet is not missing. */
function missingOf({ held }: Held, { from, to }: Interval, now: number): Interval[] {
  const past = { from, to: Math.min(to, now) };
  return past.from < past.to ? subtract([past], held) : [];
}
