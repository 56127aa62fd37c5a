import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HourMap } from './hour-map.ts';
import { chunkMs } from './schema.ts';
import { ChunkSignals } from './signals.ts';
import { finish } from './slices.ts';

let folder: string;
let signals: ChunkSignals;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pending-'));
  signals = new ChunkSignals(join(folder, 'series.db'), { now: () => now });
});
afterEach(() => {
  signals.store.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = Date.UTC(2001, 0, 1);
const years = (n: number) => start + n * 8_760 * chunkMs;
const now = years(20);
const selector = { from: 'signal', loaderCode: 'hourly' } as const;

/** Stores one record per hour: each hour of each segment is pending afterwards. */
function storeHourly(hours: number, segments = ['a']): void {
  const t = Float64Array.from({ length: hours }, (_, i) => start + i * chunkMs);
  const v = Float64Array.from(t, (_, i) => i % 100);
  for (const segment of segments) {
    const labels = { loader: 'hourly', segment };
    const points = { t, v, record: { count: v, min: v, max: v, sum: v } };
    signals.store.append([{ kind: 'signal', name: 'hourly', unit: '', labels, points }]);
  }
}

/** Runs `work` and counts how many entries of maps, sets and arrays it visits: a measure that is the same on every machine. */
function countSteps(work: () => void): number {
  const prototypes = [new Map().entries(), new Set().values(), [].values()].map((iterator) => Object.getPrototypeOf(iterator));
  const originals = prototypes.map(({ next }) => next);
  let steps = 0;
  for (const [i, prototype] of prototypes.entries()) {
    prototype.next = function next(...args: unknown[]) {
      steps += 1;
      return originals[i].apply(this, args);
    };
  }
  try {
    work();
  } finally {
    // Not with a loop over the array, which would use the methods being restored.
    prototypes.forEach((prototype, i) => {
      prototype.next = originals[i];
    });
  }
  return steps;
}

const hours = 20_000;
const lastDay = { selector, from: start + (hours - 24) * chunkMs, to: start + hours * chunkMs };

describe('over 20,000 hours of one series that are not sealed yet', () => {
  test('reading all records visits each hour a few times, not all hours for each', () => {
    storeHourly(hours);
    let records = 0;
    const steps = countSteps(() => {
      records = finish(signals.records('hourly', { from: start, to: now, limit: hours })).t.length;
    });
    expect(records).toBe(hours);
    expect(steps).toBeLessThan(40 * hours);
  });

  test('reading the first page of records does not visit all hours', () => {
    storeHourly(hours);
    let records = 0;
    const steps = countSteps(() => {
      records = finish(signals.records('hourly', { from: 0, to: now, limit: 100 })).t.length;
    });
    expect(records).toBe(101);
    expect(steps).toBeLessThan(hours);
  });

  test.each<[string, () => unknown, unknown]>([
    ['points as stored', () => finish(signals.query({ ...lastDay, aggregation: 'raw', bucketMs: 0, maxPoints: 100 }))[0]?.t.length, 24],
    ['buckets', () => finish(signals.query({ ...lastDay, aggregation: 'sum', bucketMs: chunkMs, maxPoints: 100 }))[0]?.t.length, 24],
    ['percentiles', () => finish(signals.query({ ...lastDay, aggregation: 'p95', bucketMs: chunkMs, maxPoints: 100 }))[0]?.t.length, 24],
    ['columns of a picture', () => finish(signals.columns({ ...lastDay, columns: 24 }))[0]?.column.length, 24],
    ['an estimate', () => finish(signals.estimate(lastDay)).points, 24],
    ['a summary, as alert rules ask for it', () => finish(signals.summarise(lastDay))[0]?.points, 24],
    ['the list of series', () => finish(signals.series(selector))[0]?.lastAt, start + (hours - 1) * chunkMs],
    ['the health report', () => finish(signals.figures()).oldestAt, start],
    ['a deletion', () => finish(signals.remove(lastDay)), 24],
    ['a step of retention', () => signals.store.expire(years(1), 24), 24],
    ['a step of sealing', () => signals.store.seal(24), 24],
    ['a write', () => storeHourly(1), undefined],
  ])('%s of a day visits no other hours', (_, ask, answer) => {
    storeHourly(hours);
    let found: unknown;
    const steps = countSteps(() => {
      found = ask();
    });
    expect(found).toEqual(answer);
    expect(steps).toBeLessThan(hours / 4);
  });
});

test('finds the newest point among any number of pending hours', () => {
  // More than the maximum number of arguments of a function.
  const pending = new HourMap<number>();
  for (let i = 0; i < 300_000; i++) pending.set(i * chunkMs, i);
  expect([pending.first(), pending.last()]).toEqual([0, 299_999]);
});

test('records of several segments come by time, then segment, across read-ahead windows', () => {
  storeHourly(400, ['b', 'a']);
  const { t, segment } = finish(signals.records('hourly', { from: start + 5 * chunkMs, to: start + 390 * chunkMs, limit: 1_000 }));
  expect(t).toEqual(Array.from({ length: 770 }, (_, i) => start + (5 + Math.floor(i / 2)) * chunkMs));
  expect(segment).toEqual(Array.from({ length: 770 }, (_, i) => 'ab'[i % 2]));
});

test('ended hours do not accumulate in memory: above 50,000 they are sealed with the write', () => {
  storeHourly(50_500);
  expect(finish(signals.figures()).pending.points).toBeLessThanOrEqual(50_000);
  expect(finish(signals.estimate({ selector, from: 0, to: now })).points).toBe(50_500);
});

test('a map of hours answers like an ordinary map, in order of time', () => {
  const hour = fc.integer({ min: 0, max: 5_000 }).map((i) => i * chunkMs);
  const step = fc.tuple(hour, fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), hour, hour, fc.nat(50), (steps, from, to, limit) => {
      const [map, model] = [new HourMap<number>(), new Map<number, number>()];
      for (const [i, [at, isSet]] of steps.entries()) {
        if (isSet) {
          map.set(at, i);
          model.set(at, i);
        } else {
          map.delete(at);
          model.delete(at);
        }
      }
      const all = [...model].sort(([a], [b]) => a - b);
      const within = all.filter(([at]) => at >= from && at < to);
      expect(map.within(from, to)).toEqual(within);
      expect(map.within(from, to, limit)).toEqual(within.slice(0, limit));
      expect([map.first(), map.last(), map.isEmpty]).toEqual([all[0]?.[1], all.at(-1)?.[1], all.length === 0]);
    }),
  );
});

test('points that were written repeatedly are no longer counted after they are in a chunk', () => {
  for (let i = 0; i < 5; i++) storeHourly(1);
  finish(signals.summarise({ selector, from: 0, to: now }));
  while (signals.store.seal(100, true) > 0);
  expect(finish(signals.figures()).pending.points).toBe(0);
});
