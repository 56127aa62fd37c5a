import { dayMs } from './durations.ts';
import { atWall, offsetAt } from './zone.ts';

const slotMs = 900_000;

/** Converts many wall-clock times of one zone to instants, as `atWall` does, with cached offsets. */
export class LocalClock {
  readonly timeZone: string;
  /** Cached offsets, ms, by quarter of an hour: no zone changes its clocks within one. */
  readonly #offsets = new Map<number, number>();

  /** @throws RangeError for an unknown time zone */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
    offsetAt(0, timeZone);
  }

  /** @param wall the wall-clock time, in epoch ms as if it were UTC */
  toInstant(wall: number): number {
    if (this.timeZone === 'UTC') return wall;
    const slot = Math.floor(wall / slotMs);
    let offset = this.#offsets.get(slot);
    if (offset === undefined) {
      // About a year of quarters of an hour.
      if (this.#offsets.size > 40_000) this.#offsets.clear();
      offset = slot * slotMs - atWall(slot * slotMs, this.timeZone);
      this.#offsets.set(slot, offset);
    }
    return wall - offset;
  }

  /** Returns the UTC offset at an instant, ms. */
  offsetAt(t: number): number {
    return offsetAt(t, this.timeZone);
  }

  /**
   * Returns the first instant in (from, to) with a different offset than `from`; null when there is none. Both epoch ms, at most a day
   * apart.
   */
  #changeBetween(from: number, to: number): number | null {
    const before = this.offsetAt(from);
    if (this.offsetAt(to) === before) return null;
    let low = from;
    let high = to;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    return high;
  }

  /** Splits [from, to) where the clocks change, so that each piece has one offset (ms). */
  pieces(from: number, to: number): { from: number; to: number; offsetMs: number }[] {
    if (this.timeZone === 'UTC') return [{ from, to, offsetMs: 0 }];
    const pieces: { from: number; to: number; offsetMs: number }[] = [];
    let start = from;
    for (let at = from; at < to; at = Math.min(at + dayMs, to)) {
      const change = this.#changeBetween(at, Math.min(at + dayMs, to));
      if (change === null || change >= to) continue;
      pieces.push({ from: start, to: change, offsetMs: this.offsetAt(start) });
      start = change;
    }
    pieces.push({ from: start, to, offsetMs: this.offsetAt(start) });
    return pieces;
  }
}
