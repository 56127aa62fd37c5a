import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examples } from '../../test/support/chance.ts';
import { hash, smooth, uniform } from './noise.ts';
import { belts, jamAt, plannedLoad, readingAt, wearOf } from './simulation.ts';

const seed = 20_240_501;
const second = 1_000;
const hour = 3_600_000;
const day = 24 * hour;
/** A Monday, 0 h UTC. */
const monday = Date.UTC(2025, 5, 16);
const anyBelt = fc.constantFrom(...belts.map(({ code }) => code));
const anyTime = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) });
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function sample(belt: string, from: number, to: number, stepMs = 60 * second) {
  const readings = [];
  for (let t = from; t < to; t += stepMs) readings.push(readingAt(seed, belt, t, 10, null));
  return readings;
}

describe('noise', () => {
  it('is spread evenly', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => uniform(seed, 1, monday + i));
    expect(mean(values)).toBeCloseTo(0.5, 1);
    expect(values.filter((value) => value < 0.1).length / values.length).toBeCloseTo(0.1, 1);
    expect(new Set(values.map((value) => Math.floor(value * 100))).size).toBe(100);
  });
  it('counts times in full, beyond 32 bits', () => {
    expect(hash(seed, monday)).not.toBe(hash(seed, monday + 2 ** 32));
  });
  it('moves smoothly', () => {
    fc.assert(
      fc.property(anyTime, (t) => {
        const value = smooth(seed, 1, t, 60_000);
        expect(Math.abs(value)).toBeLessThanOrEqual(1);
        expect(Math.abs(smooth(seed, 1, t + 100, 60_000) - value)).toBeLessThan(0.01);
      }),
    );
  });
});

describe('a reading', () => {
  it('depends on nothing but its arguments', () => {
    fc.assert(
      fc.property(anyBelt, anyTime, (belt, t) => {
        const first = readingAt(seed, belt, t, 2, null);
        readingAt(seed, belt, t + day, 2, 'spike');
        expect(readingAt(seed, belt, t, 2, null)).toEqual(first);
      }),
    );
  });

  it('differs by seed and belt', () => {
    const at = (s: number, belt: string) =>
      sample(belt, monday, monday + 2 * hour).length && readingAt(s, belt, monday + 9 * hour, 10, null);
    expect(at(1, 'belt-1')).not.toEqual(at(2, 'belt-1'));
    expect(at(1, 'belt-1')).not.toEqual(at(1, 'belt-2'));
  });

  it('stays in its bounds; outside jams the speed is normal, at night and on Sundays too', () => {
    fc.assert(
      fc.property(anyBelt, anyTime, (belt, t) => {
        const { speed, current, items, rejects } = readingAt(seed, belt, t, 2, null);
        if (jamAt(seed, belt, t) === 0) {
          expect(speed).toBeGreaterThanOrEqual(0.85);
          expect(speed).toBeLessThanOrEqual(1.15);
        }
        expect(speed).toBeGreaterThan(0);
        expect(current).toBeGreaterThan(1);
        expect(current).toBeLessThan(20);
        expect(Number.isInteger(items) && items >= 0).toBe(true);
        expect(Number.isInteger(rejects) && rejects >= 0 && rejects <= items).toBe(true);
      }),
      { numRuns: examples(5_000) },
    );
  });

  it.each(belts.map(({ code }) => code))('%s: a day is busier than a night, a weekday than a Sunday', (belt) => {
    const items = (from: number, to: number) => mean(sample(belt, from, to).map((reading) => reading.items));
    expect(items(monday + 7 * hour, monday + 13 * hour)).toBeGreaterThan(2 * items(monday, monday + 5 * hour));
    expect(items(monday, monday + day)).toBeGreaterThan(1.5 * items(monday + 6 * day, monday + 7 * day));
  });

  it('is consistent: load draws current; wear draws current, spoils items and slows the belt', () => {
    const belt = 'belt-1';
    const busy = sample(belt, monday + 7 * hour, monday + 9 * hour);
    const quiet = sample(belt, monday + hour, monday + 3 * hour);
    expect(mean(busy.map((reading) => reading.current))).toBeGreaterThan(mean(quiet.map((reading) => reading.current)) + 1);

    const days = Array.from({ length: 84 }, (_, i) => monday + i * day).filter((t) => (t / day + 3) % 7 < 5);
    const worn = days.filter((t) => wearOf(seed, belt, t) > 0.6).flatMap((t) => sample(belt, t, t + day, 10 * 60_000));
    const fresh = days.filter((t) => wearOf(seed, belt, t) < 0.1).flatMap((t) => sample(belt, t, t + day, 10 * 60_000));
    const share = (readings: typeof worn) =>
      mean(readings.map((reading) => reading.rejects)) / mean(readings.map((reading) => reading.items));
    expect(share(worn)).toBeGreaterThan(1.5 * share(fresh));
    expect(mean(worn.map((reading) => reading.current))).toBeGreaterThan(mean(fresh.map((reading) => reading.current)) + 0.4);
    expect(mean(worn.map((reading) => reading.speed))).toBeLessThan(mean(fresh.map((reading) => reading.speed)) - 0.01);
  });

  it('counts the same per minute for any period: short periods lose no items', () => {
    const count = (periodS: number) => {
      let sum = 0;
      for (let t = monday + 8 * hour; t < monday + 9 * hour; t += periodS * second)
        sum += readingAt(seed, 'belt-1', t, periodS, null).items;
      return sum;
    };
    expect(count(2) / count(60)).toBeCloseTo(1, 1);
  });
});

describe('wear', () => {
  it('grows until maintenance, every twelve days', () => {
    const wears = Array.from({ length: 36 }, (_, i) => wearOf(seed, 'belt-2', monday + i * day));
    expect(wears.filter((wear, i) => i > 0 && wear < (wears[i - 1] ?? 0))).toHaveLength(3);
    expect(Math.min(...wears)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...wears)).toBeLessThan(1);
  });
});

describe('jams', () => {
  it('are rare, short and slow the belt', () => {
    let jams = 0;
    const days = 60;
    for (const { code } of belts) {
      let begun = 0;
      for (let t = monday; t < monday + days * day; t += 5 * second) {
        const jam = jamAt(seed, code, t);
        if (jam > 0 && begun === 0) {
          begun = t;
          jams++;
          expect(readingAt(seed, code, t, 2, null).speed).toBeLessThan(0.7);
        } else if (jam === 0 && begun > 0) {
          expect(t - begun).toBeLessThanOrEqual(25 * second);
          begun = 0;
        }
      }
    }
    const perBeltAndDay = jams / days / belts.length;
    expect(perBeltAndDay).toBeGreaterThan(0.08);
    expect(perBeltAndDay).toBeLessThan(0.5);
  });
});

describe('faults', () => {
  const t = monday + 9 * hour;
  it('stop: nothing moves, the motor idles', () => {
    const reading = readingAt(seed, 'belt-1', t, 2, 'stop');
    expect(reading).toMatchObject({ speed: 0, items: 0, rejects: 0 });
    expect(reading.current).toBeLessThan(1.5);
  });
  it('slow: about 0.45 m/s', () => {
    for (let i = 0; i < 500; i++) expect(readingAt(seed, 'belt-1', t + i * 2_000, 2, 'slow').speed).toBeCloseTo(0.45, 1);
  });
  it('spike: current and rejects leap', () => {
    const spike = Array.from({ length: 300 }, (_, i) => readingAt(seed, 'belt-1', t + i * 2_000, 2, 'spike'));
    const normal = Array.from({ length: 300 }, (_, i) => readingAt(seed, 'belt-1', t + i * 2_000, 2, null));
    expect(mean(spike.map((reading) => reading.current))).toBeGreaterThan(mean(normal.map((reading) => reading.current)) + 4);
    expect(mean(spike.map((reading) => reading.rejects))).toBeGreaterThan(10 * mean(normal.map((reading) => reading.rejects)));
  });
});

describe('the plan', () => {
  it('has no sudden changes: shifts and breaks take minutes', () => {
    for (let t = monday; t < monday + day; t += 10 * second) {
      expect(Math.abs(plannedLoad(t + 10 * second) - plannedLoad(t))).toBeLessThan(0.03);
    }
  });
});
