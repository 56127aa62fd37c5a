/** Which clock a time without a zone is read in. */
export type Clock = 'local' | 'utc';

/** The IANA name of the zone a clock shows: `Europe/Berlin`. */
export const zoneOf = (clock: Clock): string => (clock === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone);

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the wall clock of a zone is ahead of UTC at a time, ms. */
export function offsetAt(at: number, zone: string): number {
  if (zone === 'UTC') return 0;
  let format = formats.get(zone);
  if (format === undefined) {
    const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', era: 'short', ...digits });
    formats.set(zone, format);
  }
  const part: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(at)) part[type] = value;
  const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
  const wall = Date.UTC(
    year,
    Number(part['month']) - 1,
    Number(part['day']),
    Number(part['hour']),
    Number(part['minute']),
    Number(part['second']),
  );
  return wall - Math.floor(at / 1_000) * 1_000;
}

/** What a wall clock shows, as if it were UTC, ms. */
export const wallOf = (at: number, zone: string): number => at + offsetAt(at, zone);

const day = 86_400_000;

/** The first time at which a wall clock shows `wall` (as `wallOf` gives it); where clocks skip it, the time as far after the skip. */
export function atWall(wall: number, zone: string): number {
  const before = offsetAt(wall - day, zone);
  const candidates = [before, offsetAt(wall + day, zone)].map((offset) => wall - offset);
  const real = candidates.filter((at) => wallOf(at, zone) === wall);
  return real.length > 0 ? Math.min(...real) : wall - before;
}
