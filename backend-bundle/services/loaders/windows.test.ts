import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignDown, backoffMs, HistoryWalk, historyProgress, liveWindow, maxRows, narrower, nextWidth } from './windows.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = 1_700_000_000_000;

describe('a live run', () => {
  it('reads from the last run, plus the overlap, aligned to the interval', () => {
    expect(liveWindow(now - 2_500, now, 2_000, 10_000)).toEqual({ from: alignDown(now - 12_500, 2_000), to: now });
  });
  it('reads a minute at first', () => {
    expect(now - liveWindow(null, now, 2_000, 0).from).toBe(60_000);
  });
  it('reads no negative range when the clock was set back', () => {
    const { from, to } = liveWindow(now + day, now, 2_000, 0);
    expect(from).toBeLessThanOrEqual(to);
  });
  it('leaves no gap to the one before it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: day }),
        fc.integer({ min: 1_000, max: day }),
        fc.integer({ min: 0, max: hour }),
        (late, interval, overlap) => {
          expect(liveWindow(now - late, now, interval, overlap).from).toBeLessThanOrEqual(now - late - overlap);
        },
      ),
    );
  });
});

describe('back-off', () => {
  it('grows, is spread, and ends', () => {
    expect(backoffMs(1, 2_000, 0)).toBe(1_000);
    expect(backoffMs(1, 2_000, 1)).toBe(2_000);
    expect(backoffMs(4, 2_000, 1)).toBe(16_000);
    expect(backoffMs(1_000, 2_000, 1)).toBe(30_000);
    expect(backoffMs(1_000, day, 1)).toBe(300_000);
  });
});

describe('widths', () => {
  it('adapt to rows and duration, by at most a factor of four, and never below a second', () => {
    expect(nextWidth(hour, 100, 100)).toBe(4 * hour);
    expect(nextWidth(hour, maxRows, 100)).toBe(hour / 2);
    expect(nextWidth(hour, 10_000, 800)).toBe(hour / 2);
    expect(nextWidth(1_500, maxRows, 60_000)).toBe(1_000);
    expect(narrower(1_500)).toBe(1_000);
    expect(narrower(1_000)).toBeNull();
  });
});

/** Runs a walk over a source to its end; rows are times. */
function walkOver(walk: HistoryWalk, source: (at: number) => readonly number[]): { seen: Set<number>; steps: number; waited: number } {
  const seen = new Set<number>();
  let at = now;
  let steps = 0;
  for (let window = walk.next(); window !== null; window = walk.next()) {
    at = Math.max(at + 50, walk.notBefore);
    if (++steps > 20_000) throw new Error('does not end');
    const { from, to } = window;
    const rows = source(at).filter((t) => t >= from && t < to);
    if (rows.length > maxRows) {
      if (!walk.tooLarge(window)) throw new Error('too dense');
      continue;
    }
    for (const row of rows) seen.add(row);
    walk.loaded(window, rows.length, rows.length === 0 ? null : Math.min(...rows), 50, at);
  }
  return { seen, steps, waited: at - now };
}

describe('history', () => {
  const from = now - 3 * day;

  it('is loaded completely, whatever gaps it has', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: from, max: now - 1 }), { maxLength: 200 }),
        fc.constantFrom(1_000, 2_000, 60_000),
        (rows, interval) => {
          const walk = new HistoryWalk(from, alignDown(now, interval), interval);
          const { seen } = walkOver(walk, () => rows);
          expect(seen).toEqual(new Set(rows.filter((row) => row < alignDown(now, interval))));
          expect(walk.loadedFrom).toBeLessThanOrEqual(from);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is loaded completely from a source that is itself being filled backwards, slower than it is read', () => {
    const rows = Array.from({ length: 3 * 24 * 60 }, (_, i) => now - (i + 1) * 60_000);
    // An hour of history each second.
    const source = (at: number) => rows.filter((row) => row >= now - hour * Math.floor((at - now) / 1_000));
    const { seen } = walkOver(new HistoryWalk(from, now, 2_000), source);
    expect(seen.size).toBe(rows.length);
  });

  it('is read in windows within a query’s limits', () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => now - (i + 1) * 1_000);
    const { seen, steps } = walkOver(new HistoryWalk(from, now, 2_000), () => rows);
    expect(seen.size).toBe(rows.length);
    expect(steps).toBeLessThan(60);
  });

  it('ends after repeated empty reads when the source has nothing', () => {
    const { steps, waited } = walkOver(new HistoryWalk(from, now, 2_000), () => []);
    expect(steps).toBeLessThan(100);
    expect(waited).toBeGreaterThan(30_000);
    expect(waited).toBeLessThan(180_000);
  });

  it('ends without waiting when its start is between two rows', () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => now - i * 60_000);
    const { waited } = walkOver(new HistoryWalk(now - 40 * hour - 12_345, now, 2_000), () => rows);
    expect(waited).toBeLessThan(5_000);
  });

  it('passes over rows that can’t be read', () => {
    const walk = new HistoryWalk(now - hour, now, 2_000);
    const window = walk.next();
    if (window === null) throw new Error('nothing to do');
    walk.loaded(window, 100, null, 10, now);
    expect(walk.loadedFrom).toBe(window.from);
  });

  it('shows its progress', () => {
    expect(historyProgress(0, null, null)).toBe(1);
    expect(historyProgress(day, null, null)).toBe(0);
    expect(historyProgress(day, now - day, now - day / 4)).toBe(0.25);
    expect(historyProgress(day, now - day, now - day)).toBe(1);
  });
});
