import type { SeriesSelector } from '#common/contract/charts.ts';
import type { Interval } from '#common/timeseries/coverage.ts';
import { alignToBuckets, subtract, union } from '#common/timeseries/coverage.ts';

/** Which points an event of the stream speaks of. */
export type Stored = { loaderCode: string; from: number; to: number } | { names: string[]; from: number; to: number };
const everything = 'everything';

interface Entry {
  selector: SeriesSelector;
  bucketMs: number;
  ranges: Interval[];
}

function concerns(selector: SeriesSelector, stored: Stored): boolean {
  if ('loaderCode' in stored) return selector.from === 'signal' && selector.loaderCode === stored.loaderCode;
  return selector.from === 'metric' && stored.names.includes(selector.name);
}

/**
 * What of the cache is known to be as the backend has it: it was read while the event stream was open, and no event has said since
 * that points were stored there. Late rows may land in any range, and events are not replayed, so with the stream this knowledge is
 * gone; the points stay readable.
 */
export class Confirmed {
  readonly #entries = new Map<string, Entry>();
  /** Readings under way: what is stored meanwhile may or may not be in their answers. */
  readonly #readings = new Set<(Stored | typeof everything)[]>();

  /** The parts of a range that have to be asked for. */
  lacking(key: string, range: Interval): Interval[] {
    return subtract([range], this.#entries.get(key)?.ranges ?? []);
  }

  /** Begins a reading. `take` its result in, or not; `end` it in any case. */
  reading(key: string, selector: SeriesSelector, bucketMs: number): { take: (range: Interval, asOf: number) => void; end: () => void } {
    const meanwhile: (Stored | typeof everything)[] = [];
    this.#readings.add(meanwhile);
    return {
      take: ({ from, to }, asOf) => {
        const entry = this.#entries.get(key) ?? { selector, bucketMs, ranges: [] };
        // The bucket that is still filling is never settled.
        const closed = Math.min(to, bucketMs === 0 ? asOf : Math.floor(asOf / bucketMs) * bucketMs);
        const read = { selector, bucketMs, ranges: from < closed ? [{ from, to: closed }] : [] };
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
  }

  /** Contact was lost and is back: everything has to be asked for again. @returns what had been read */
  forget(): { loaderCodes: string[]; metricNames: string[] } {
    const selectors = [...this.#entries.values()].map(({ selector }) => selector);
    this.#entries.clear();
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
  if (!concerns(entry.selector, stored)) return;
  entry.ranges = subtract(entry.ranges, [alignToBuckets({ from: stored.from, to: stored.to + 1 }, entry.bucketMs)]);
}
