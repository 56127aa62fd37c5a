import type { SeriesSelector } from '#common/contract/charts.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import { dayMs, hourMs } from '#common/time/durations.ts';
import type { Interval } from '#common/time/intervals.ts';
import type { Bus } from '../engines/bus/port.ts';
import { fieldNames, type ReadOptions, type SeriesPoints, type SeriesRequest, type SignalStore } from '../engines/signals/port.ts';

/** How long an answer is cached, ms: if it overlaps the last 24 hours, and if it is older. */
const lifetimes = { recent: 5 * 60_000, older: hourMs };
const defaultBytes = 128 * 1024 * 1024;
/** Time between two removals of expired answers, ms. */
const removeExpiredEveryMs = 60_000;

type Source = `signal ${string}` | `metric ${string}`;
interface Entry extends Interval {
  source: Source;
  lines: SeriesPoints[];
  points: number;
  bytes: number;
  expiresAt: number;
}
/** A running read, shared by all callers with the same query. */
interface Flight extends Interval {
  source: Source;
  answer: Promise<SeriesPoints[]>;
  aborting: AbortController;
  waiting: number;
  /** Points were stored in its range since it started, so it may lack them. */
  overtaken: boolean;
}

export interface CachedReadOptions extends ReadOptions {
  /** False for answers too large to cache, such as the parts of a long stream. */
  remember?: boolean;
}

export interface QueryCacheOptions {
  now: () => number;
  /**
   * Waits for announcements by other processes, so that no answer is older than an announcement that its reader has received. Returns the
   * session of the listener: if it changes, or if this throws, announcements were missed. Absent when there are no other processes.
   */
  caughtUp?: () => Promise<number>;
  /** Maximum size of the cache, bytes; the least recently used answers are dropped first. One answer may take up to an eighth of it. */
  maxBytes?: number;
}

/**
 * A signal store with a cache of answers. Storing or deleting points through it drops the answers of that range before the call is
 * acknowledged; `invalidate` does so for other processes. Equal queries that run at the same time share one read. Answers may be shared
 * too: don't modify them.
 */
export class QueryCache implements SignalStore {
  readonly #store: SignalStore;
  readonly #now: () => number;
  readonly #maxBytes: number;
  readonly #caughtUp: (() => Promise<number>) | undefined;
  /** Session of the listener when the answers were last known to be current. */
  #session: number | null = null;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();
  readonly #flights = new Map<string, Flight>();
  /** Running reads whose answer would be cached, whether others may still join them or not. */
  readonly #reading = new Set<Flight>();
  #bytes = 0;
  /** Runs while there are answers, so that their memory is freed soon after the last query. */
  #removal: NodeJS.Timeout | null = null;
  hits = 0;
  misses = 0;

  constructor(store: SignalStore, { now, maxBytes = defaultBytes, caughtUp }: QueryCacheOptions) {
    this.#store = store;
    this.#now = now;
    this.#maxBytes = maxBytes;
    this.#caughtUp = caughtUp;
  }

  /** Returns the size of the cached answers, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  async query(request: SeriesRequest, options: CachedReadOptions = {}): Promise<SeriesPoints[]> {
    options.signal?.throwIfAborted();
    if (this.#caughtUp) await this.#catchUp(this.#caughtUp);
    const key = keyOf(request);
    const entry = this.#entries.get(key);
    if (entry && entry.expiresAt <= this.#now()) this.#drop(key, entry);
    else if (entry && entry.points <= request.maxPoints) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
      this.hits += 1;
      return entry.lines;
    }
    const flightKey = JSON.stringify([key, request.maxPoints, options.timeoutMs, options.remember]);
    const flight = this.#flights.get(flightKey) ?? this.#fly(key, flightKey, request, options);
    return shared(flight, options.signal);
  }

  async #catchUp(caughtUp: () => Promise<number>): Promise<void> {
    const session = await caughtUp().catch(() => null);
    if (session === null || session !== this.#session) this.#invalidate(() => true);
    this.#session = session;
  }

  #fly(key: string, flightKey: string, request: SeriesRequest, { timeoutMs, remember = true }: CachedReadOptions): Flight {
    this.misses += 1;
    const aborting = new AbortController();
    const { from, to } = request;
    const answer = this.#store.query(request, { signal: aborting.signal, timeoutMs });
    const flight: Flight = { source: sourceOf(request.selector), from, to, answer, aborting, waiting: 0, overtaken: false };
    this.#flights.set(flightKey, flight);
    this.#reading.add(flight);
    const removeFlight = () => {
      this.#reading.delete(flight);
      if (this.#flights.get(flightKey) === flight) this.#flights.delete(flightKey);
    };
    answer.then(
      (lines) => {
        removeFlight();
        if (remember && !flight.overtaken) this.#keep(key, flight, lines);
      },
      // The error is passed to the waiting callers.
      removeFlight,
    );
    // No caller joins a cancelled read.
    aborting.signal.addEventListener('abort', removeFlight, { once: true });
    return flight;
  }

  #keep(key: string, { source, from, to }: Flight, lines: SeriesPoints[]): void {
    const points = lines.reduce((sum, { t }) => sum + t.length, 0);
    const columns = lines[0]?.fields === undefined ? 2 : 2 + fieldNames.length;
    const bytes = points * 8 * columns + lines.length * 400 + key.length * 2 + 200;
    if (bytes > this.#maxBytes / 8) return;
    const known = this.#entries.get(key);
    if (known) this.#drop(key, known);
    const now = this.#now();
    const lifetime = to > now - dayMs ? lifetimes.recent : lifetimes.older;
    this.#entries.set(key, { source, from, to, lines, points, bytes, expiresAt: now + lifetime });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest, entry);
    }
    this.#removal ??= setTimeout(() => this.#removeExpired(), removeExpiredEveryMs).unref();
  }

  #removeExpired(): void {
    const now = this.#now();
    for (const [key, entry] of this.#entries) if (entry.expiresAt <= now) this.#drop(key, entry);
    this.#removal = this.#entries.size === 0 ? null : setTimeout(() => this.#removeExpired(), removeExpiredEveryMs).unref();
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }

  /** Drops answers after points were stored or deleted in this interval: half-open, ms. */
  invalidate(kind: 'signal' | 'metric', names: readonly string[], { from, to }: Interval): void {
    const sources = new Set(names.map((name): Source => `${kind} ${name}`));
    this.#invalidate((one) => sources.has(one.source) && one.from < to && one.to > from);
  }

  #invalidate(concerned: (one: Interval & { source: Source }) => boolean): void {
    for (const [key, entry] of this.#entries) if (concerned(entry)) this.#drop(key, entry);
    for (const flight of this.#reading) flight.overtaken ||= concerned(flight);
    // Later callers must see what was stored.
    for (const [key, flight] of this.#flights) if (flight.overtaken) this.#flights.delete(key);
  }

  appendSignals: SignalStore['appendSignals'] = async (loaderCode, records) => {
    try {
      await this.#store.appendSignals(loaderCode, records);
    } finally {
      this.invalidate('signal', [loaderCode], intervalOf([records.t]));
    }
  };

  appendSignalBatches: SignalStore['appendSignalBatches'] = async (batches) => {
    try {
      await this.#store.appendSignalBatches(batches);
    } finally {
      for (const { loaderCode, records } of batches) this.invalidate('signal', [loaderCode], intervalOf([records.t]));
    }
  };

  appendMetrics: SignalStore['appendMetrics'] = async (metrics) => {
    try {
      await this.#store.appendMetrics(metrics);
    } finally {
      const names = metrics.map(({ name }) => name);
      this.invalidate('metric', names, intervalOf(metrics.map(({ points }) => points.map(([t]) => t))));
    }
  };

  expire: SignalStore['expire'] = async (before) => {
    const gone = await this.#store.expire(before);
    if (gone > 0) this.#invalidate(({ from }) => from < before);
    return gone;
  };

  remove: SignalStore['remove'] = async (range) => {
    try {
      return await this.#store.remove(range);
    } finally {
      // Also after a failure: some points may have been deleted.
      const source = sourceOf(range.selector);
      this.#invalidate((one) => one.source === source && one.from < range.to && one.to > range.from);
    }
  };

  records: SignalStore['records'] = (...args) => this.#store.records(...args);
  columns: SignalStore['columns'] = (...args) => this.#store.columns(...args);
  damaged: SignalStore['damaged'] = (...args) => this.#store.damaged(...args);
  estimate: SignalStore['estimate'] = (...args) => this.#store.estimate(...args);
  summarise: SignalStore['summarise'] = (...args) => this.#store.summarise(...args);
  series: SignalStore['series'] = (...args) => this.#store.series(...args);
  metricSeries: SignalStore['metricSeries'] = () => this.#store.metricSeries();
  health: SignalStore['health'] = () => this.#store.health();
}

/** Adds a cache to a store. Until the bus is closed, the cache learns from it what other processes store. */
export function cached(store: SignalStore, bus: Pick<Bus, 'onAnnounced' | 'caughtUp'>, options: QueryCacheOptions): QueryCache {
  const cache = new QueryCache(store, { ...options, caughtUp: () => bus.caughtUp() });
  bus.onAnnounced(({ type, payload }) => {
    if (type === 'signals.stored' && 'loaderCode' in payload && 'to' in payload) cache.invalidate('signal', [payload.loaderCode], payload);
    else if (type === 'metrics.stored' && 'names' in payload) cache.invalidate('metric', payload.names, payload);
  });
  return cache;
}

/** Lets one caller share a read: cancelling ends it for that caller, and ends the read when no caller is left. */
async function shared(flight: Flight, signal: AbortSignal | undefined): Promise<SeriesPoints[]> {
  flight.waiting += 1;
  const left = Promise.withResolvers<never>();
  const leave = () => left.reject(signal?.reason);
  signal?.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([flight.answer, left.promise]);
  } finally {
    signal?.removeEventListener('abort', leave);
    flight.waiting -= 1;
    if (flight.waiting === 0) flight.aborting.abort();
  }
}

function keyOf({ selector, from, to, aggregation, bucketMs, timeZone, withFields = false }: SeriesRequest): string {
  const what = selector.from === 'signal' ? (selector.segmentCode ?? null) : labelsKey(selector.labels);
  return JSON.stringify([sourceOf(selector), what, aggregation, bucketMs, timeZone ?? null, withFields, from, to]);
}

function sourceOf(selector: SeriesSelector): Source {
  return selector.from === 'signal' ? `signal ${selector.loaderCode}` : `metric ${selector.name}`;
}

function intervalOf(columns: readonly (readonly number[])[]): Interval {
  let [from, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const column of columns) {
    for (const t of column) {
      if (t < from) from = t;
      if (t > last) last = t;
    }
  }
  return { from, to: last + 1 };
}
