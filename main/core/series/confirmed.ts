import type { SeriesSelector } from '#common/contract/charts.ts';
import type { Interval } from '#common/time/intervals.ts';
import { coalesce, subtract, union } from '#common/time/intervals.ts';
import { type Bucketing, bucketOf, inward, outward } from './key.ts';

/** Which points an event of the stream speaks of. */
export type Stored = { loaderCode: string; from: number; to: number } | { names: string[]; from: number; to: number };
const everything = 'everything';

/** What a backend says was stored while nobody listened. */
export interface Changes {
  /** Nothing that was stored after this is left out, ms. */
  completeSince: number;
  items: readonly { from: 'signal' | 'metric'; name: string; start: number; end: number; at: number }[];
}

/** A stretch that was read, and up to which moment of the backend its answer was complete. */
export interface ReadInterval extends Interval {
  asOf: number;
}

interface Entry {
  selector: SeriesSelector;
  buckets: Bucketing;
  ranges: Interval[];
}

/** The clocks of a deployment may differ by so much, ms. */
const skewMs = 5_000;
const mostHeard = 32;

const sourceOf = (selector: SeriesSelector) => (selector.from === 'signal' ? `signal ${selector.loaderCode}` : `metric ${selector.name}`);
const sourcesOf = (stored: Stored) =>
  'loaderCode' in stored ? [`signal ${stored.loaderCode}`] : stored.names.map((name) => `metric ${name}`);

/**
 * What of the cache is known to be as the backend has it: it was read while the event stream was open, and no event has said since
 * that points were stored there. Late rows may land in any range, and events are not replayed, so with the stream this knowledge is
 * gone; the points stay readable. When contact is back the backend may tell what was stored meanwhile: then what was read before, in
 * this run of the console or an earlier one, counts again but for that.
 */
export class Confirmed {
  readonly #entries = new Map<string, Entry>();
  /** Readings under way: what is stored meanwhile may or may not be in their answers. */
  readonly #readings = new Set<(Stored | typeof everything)[]>();
  #changes: Changes | null = null;
  /** Stretches that were stored since contact was made, by source. */
  readonly #heard = new Map<string, Interval[]>();

  /** Whether `restore` can say anything of a key. */
  canRestore(key: string): boolean {
    return this.#changes !== null && !this.#entries.has(key);
  }

  /** The parts of a range that have to be asked for. */
  lacking(key: string, range: Interval): Interval[] {
    return subtract([range], this.#entries.get(key)?.ranges ?? []);
  }

  /** Begins a reading. `take` its result in, part by part; `end` it in any case. */
  reading(key: string, selector: SeriesSelector, buckets: Bucketing): { take: (range: Interval, asOf: number) => void; end: () => void } {
    const meanwhile: (Stored | typeof everything)[] = [];
    this.#readings.add(meanwhile);
    return {
      take: ({ from, to }, asOf) => {
        const entry = this.#entries.get(key) ?? { selector, buckets, ranges: [] };
        // The bucket that is still filling is never settled.
        const closed = Math.min(to, bucketOf(asOf, buckets));
        const read = { selector, buckets, ranges: from < closed ? [{ from, to: closed }] : [] };
        for (const stored of meanwhile) invalidate(read, stored);
        this.#entries.set(key, { ...entry, ranges: union(entry.ranges, read.ranges) });
      },
      end: () => this.#readings.delete(meanwhile),
    };
  }

  /** Points were stored in a range: what was read there is no longer current. */
  stored(stored: Stored): void {
    for (const meanwhile of this.#readings) meanwhile.push(stored);
    for (const entry of this.#entries.values()) invalidate(entry, stored);
    const range = { from: stored.from, to: stored.to + 1 };
    for (const source of sourcesOf(stored)) {
      this.#heard.set(source, coalesce(union(this.#heard.get(source) ?? [], [range]), mostHeard));
    }
  }

  /** The cache has lost what it held in a range. */
  lost(key: string, range: Interval): void {
    const entry = this.#entries.get(key);
    if (entry) entry.ranges = subtract(entry.ranges, [outward(range, entry.buckets)]);
  }

  /** What was stored before contact was made; before this nothing can be restored. */
  caughtUp(changes: Changes): void {
    this.#changes = changes;
  }

  /** What was read before contact was made counts again where nothing was stored since. */
  restore(key: string, selector: SeriesSelector, buckets: Bucketing, readings: readonly ReadInterval[]): void {
    const changes = this.#changes;
    if (changes === null || this.#entries.has(key)) return;
    const source = sourceOf(selector);
    const concerning = changes.items.filter(({ from, name }) => `${from} ${name}` === source);
    const heard = (this.#heard.get(source) ?? []).map((range) => outward(range, buckets));
    const ranges = readings
      .filter(({ asOf }) => asOf - skewMs >= changes.completeSince)
      .map((reading) => {
        const since = concerning.filter(({ at }) => at >= reading.asOf - skewMs);
        const stored = since.map(({ start, end }) => outward({ from: start, to: end + 1 }, buckets));
        const { from, to } = inward(reading, buckets);
        return subtract(subtract(from < to ? [{ from, to }] : [], union(stored, [])), union(heard, []));
      });
    this.#entries.set(key, { selector, buckets, ranges: ranges.reduce<Interval[]>((all, one) => union(all, one), []) });
  }

  /** Contact was lost and is back: everything has to be asked for again. @returns what had been read */
  forget(): { loaderCodes: string[]; metricNames: string[] } {
    const selectors = [...this.#entries.values()].map(({ selector }) => selector);
    this.#entries.clear();
    this.#heard.clear();
    this.#changes = null;
    // Readings that began before come to nothing.
    for (const meanwhile of this.#readings) meanwhile.push(everything);
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
