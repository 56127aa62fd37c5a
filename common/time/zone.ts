import { dayMs } from './durations.ts';

/** The clock in which a time without a zone is read. */
export type Clock = 'local' | 'utc';

/** Returns the IANA name of a clock's time zone: `Europe/Berlin`. */
export const zoneOf = (clock: Clock): string => (clock === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone);

/** Maximum number of cached offsets per zone: 160 years of days. */
const maxOffsets = 60_000;
const maxZones = 32;

/** The UTC offsets of one zone. Intl takes some ten microseconds per call, so the offset at the start of each UTC day is cached. */
class ZoneOffsets {
  readonly #format: Intl.DateTimeFormat;
  readonly #byDay = new Map<number, number>();

  constructor(zone: string) {
    const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', era: 'short', ...digits });
  }

  /** @param t epoch ms. @returns ms */
  at(t: number): number {
    const day = Math.floor(t / dayMs);
    const offset = this.#atDay(day);
    // No zone changes its clocks twice in a day: if both ends have the same offset, so does everything in between.
    return offset === this.#atDay(day + 1) ? offset : this.#ask(t);
  }

  #atDay(day: number): number {
    let offset = this.#byDay.get(day);
    if (offset === undefined) {
      if (this.#byDay.size >= maxOffsets) this.#byDay.clear();
      offset = this.#ask(day * dayMs);
      this.#byDay.set(day, offset);
    }
    return offset;
  }

  #ask(t: number): number {
    const parts: Record<string, string> = {};
    for (const { type, value } of this.#format.formatToParts(t)) parts[type] = value;
    const { month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
    const wall = Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    return wall - Math.floor(t / 1_000) * 1_000;
  }
}

const zones = new Map<string, ZoneOffsets>();

/** Returns the UTC offset of a zone at a time, ms. @throws RangeError for an unknown time zone */
export function offsetAt(at: number, zone: string): number {
  if (zone === 'UTC') return 0;
  let offsets = zones.get(zone);
  if (offsets === undefined) {
    offsets = new ZoneOffsets(zone);
    if (zones.size >= maxZones) zones.delete(zones.keys().next().value ?? '');
    zones.set(zone, offsets);
  }
  return offsets.at(at);
}

/** Returns the wall-clock time of a zone, in epoch ms as if it were UTC. @throws RangeError for an unknown time zone */
export const wallOf = (at: number, zone: string): number => at + offsetAt(at, zone);

/**
 * Returns the first time at which a wall clock shows `wall` (as `wallOf` gives it). A skipped time is read as if the clocks had not been
 * put forward: 02:30 becomes 03:30.
 */
export function atWall(wall: number, zone: string): number {
  const before = offsetAt(wall - dayMs, zone);
  const candidates = [before, offsetAt(wall + dayMs, zone)].map((offset) => wall - offset);
  const real = candidates.filter((at) => wallOf(at, zone) === wall);
  return real.length > 0 ? Math.min(...real) : wall - before;
}
