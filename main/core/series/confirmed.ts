import type { SeriesSelector } from '#common/contract/charts.ts';
import type { Interval } from '#common/time/intervals.ts';
import { coalesce, subtract, union } from '#common/time/intervals.ts';
import { type Bucketing, bucketOf, inward, outward } from './key.ts';

/** The points that an event of the stream is about. */
export type Stored = { loaderCode: string; from: number; to: number } | { names: string[]; from: number; to: number };
const everything = 'everything';

/** The points that a backend stored while the console was disconnected. */
export interface Changes {
  /** Everything that was stored after this is included, ms. */
  completeSince: number;
  items: readonly { from: 'signal' | 'metric'; name: string; start: number; end: number; at: number }[];
}

/** An interval that was read, and the backend's time up to which the answer was complete. */
export interface ReadInterval extends Interval {
  asOf: number;
}

interface Entry {
  selector: SeriesSelector;
  buckets: Bucketing;
  ranges: Interval[];
}

/** The clocks of a deployment may differ by this much, ms. */
const skewMs = 5_000;
const maxIntervals = 32;

const sourceOf = (selector: SeriesSelector) => (selector.from === 'signal' ? `signal ${selector.loaderCode}` : `metric ${selector.name}`);
const sourcesOf = (stored: Stored) =>
  'loaderCode' in stored ? [`signal ${stored.loaderCode}`] : stored.names.map((name) => `metric ${name}`);

/**
 * The part of the cache that is known to equal the backend's data: it was read while the event stream was open, and no event since then has
 * announced points there. Late points may arrive for any range, and events aren't replayed, so this knowledge is lost when the stream
 * closes; the points stay readable. After reconnecting, the backend may report what was stored in the meantime. Everything else that was
 * read before, in this run of the console or an earlier one, is then current again.
 */
export class Confirmed {
  readonly #entries = new Map<string, Entry>();
  /** Queries that are running: points stored in the meantime may or may not be in their answers. */
  readonly #readings = new Set<(Stored | typeof everything)[]>();
  #changes: Changes | null = null;
  /** Intervals in which points were stored since connecting, by source. */
  readonly #storedIntervals = new Map<string, Interval[]>();

  /** Returns true if `restore` can be used for a key. */
  canRestore(key: string): boolean {
    return this.#changes !== null && !this.#entries.has(key);
  }

  /** The intervals of a range that have to be requested. */
  lacking(key: string, range: Interval): Interval[] {
    return subtract([range], this.#entries.get(key)?.ranges ?? []);
  }

  /** Begins a reading. `take` its result in, part by part; `end` it in any case. */
  reading(key: string, selector: SeriesSelector, buckets: Bucketing): { take: (range: Interval, asOf: number) => void; end: () => void } {
    const storedDuring: (Stored | typeof everything)[] = [];
    this.#readings.add(storedDuring);
    return {
      take: ({ from, to }, asOf) => {
        const entry = this.#entries.get(key) ?? { selector, buckets, ranges: [] };
        // The bucket that is still filling is never current.
        const closed = Math.min(to, bucketOf(asOf, buckets));
        const read = { selector, buckets, ranges: from < closed ? [{ from, to: closed }] : [] };
        for (const stored of storedDuring) invalidate(read, stored);
        this.#entries.set(key, { ...entry, ranges: union(entry.ranges, read.ranges) });
      },
      end: () => this.#readings.delete(storedDuring),
    };
  }

  /** Points were stored in a range, so what was read there is no longer current. */
  stored(stored: Stored): void {
    for (const storedDuring of this.#readings) storedDuring.push(stored);
    for (const entry of this.#entries.values()) invalidate(entry, stored);
    const range = { from: stored.from, to: stored.to + 1 };
    for (const source of sourcesOf(stored)) {
      this.#storedIntervals.set(source, coalesce(union(this.#storedIntervals.get(source) ?? [], [range]), maxIntervals));
    }
  }

  /** The cache has lost its points of a range. */
  lost(key: string, range: Interval): void {
    const entry = this.#entries.get(key);
    if (entry) entry.ranges = subtract(entry.ranges, [outward(range, entry.buckets)]);
  }

  /** Sets what was stored before connecting. Until then, nothing can be restored. */
  caughtUp(changes: Changes): void {
    this.#changes = changes;
  }

  /** Marks what was read before connecting as current, except where points were stored since. */
  restore(key: string, selector: SeriesSelector, buckets: Bucketing, readings: readonly ReadInterval[]): void {
    const changes = this.#changes;
    if (changes === null || this.#entries.has(key)) return;
    const source = sourceOf(selector);
    const concerning = changes.items.filter(({ from, name }) => `${from} ${name}` === source);
    const storedHere = (this.#storedIntervals.get(source) ?? []).map((range) => outward(range, buckets));
    const ranges = readings
      .filter(({ asOf }) => asOf - skewMs >= changes.completeSince)
      .map((reading) => {
        const since = concerning.filter(({ at }) => at >= reading.asOf - skewMs);
        const stored = since.map(({ start, end }) => outward({ from: start, to: end + 1 }, buckets));
        const { from, to } = inward(reading, buckets);
        return subtract(subtract(from < to ? [{ from, to }] : [], union(stored, [])), union(storedHere, []));
      });
    this.#entries.set(key, { selector, buckets, ranges: ranges.reduce<Interval[]>((all, one) => union(all, one), []) });
  }

  /** The connection was lost and is back, so everything has to be requested again. @returns what had been read */
  forget(): { loaderCodes: string[]; metricNames: string[] } {
    const selectors = [...this.#entries.values()].map(({ selector }) => selector);
    this.#entries.clear();
    this.#storedIntervals.clear();
    this.#changes = null;
    // Queries that began before don't count.
    for (const storedDuring of this.#readings) storedDuring.push(everything);
    return {
      loaderCodes: [...new Set(selectors.flatMap((selector) => (selector.from === 'signal' ? [selector.loaderCode] : [])))],
      metricNames: [...new Set(selectors.flatMap((selector) => (selector.from === 'metric' ? [selector.name] : [])))],
    };
  }
}

function invalidate(entry: Entry, stored: Stored | typeof everything): void {
  if (stored === everything) {
    entry.ranges = [];
    return;
  }
  if (!sourcesOf(stored).includes(sourceOf(entry.selector))) return;
  entry.ranges = subtract(entry.ranges, [outward({ from: stored.from, to: stored.to + 1 }, entry.buckets)]);
}
