import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interval } from '#common/time/intervals.ts';
import { connectionOperations } from '../connections/store.ts';
import type { WritableDb } from '../database/connection.ts';
import { openForWriting } from '../database/open.ts';
import { schema } from '../storage/schema.ts';
import { Confirmed } from './confirmed.ts';
import { blockMs, keyOf } from './key.ts';
import { seriesOperations } from './store.ts';

const { reads: seriesReads, writes: seriesWrites } = seriesOperations;

let dir: string;
let db: WritableDb;
const connectionId = 'c';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-series-'));
  db = openForWriting(join(dir, 'console.db'), schema, 1).db;
  const unknown = { ca: null, username: null, role: null, instanceId: null, backendVersion: null, lastEventId: null, lastExchangeAt: null };
  connectionOperations.writes.saveProfile(db, {
    id: connectionId,
    name: 'plant',
    url: 'http://plant',
    embedded: false,
    createdAt: 1,
    ...unknown,
  });
});
afterAll(() => {
  db.close();
  rmSync(dir, { recursive: true, force: true });
});

const bucketMs = 1_000;
const width = blockMs(bucketMs);
let keys = 0;
/** Creates answers without points for one query, which only state which interval is known, and as of when. */
const emptyAnswersOf = (key: string) => (from: number, to: number, asOf: number) => ({
  connectionId,
  key,
  bucketMs,
  range: { from, to },
  series: [],
  asOf,
  damaged: [],
});
const line = (t: readonly number[], v: readonly number[], labels: Record<string, string> = {}) => ({
  labels,
  t: Float64Array.from(t),
  v: Float64Array.from(v),
});
const newKey = (): string => JSON.stringify(['signal', `loader-${keys++}`, null, 'avg', bucketMs]);

interface Step {
  from: number;
  to: number;
  lines: string[];
  value: number;
}
const bucket = fc.integer({ min: 0, max: Math.ceil((2.5 * width) / bucketMs) });
const step: fc.Arbitrary<Step> = fc.record({
  from: bucket,
  to: bucket,
  lines: fc.subarray(['belt-1', 'belt-2']),
  value: fc.double({ noNaN: true, noDefaultInfinity: true }),
});

describe('the cache of points', () => {
  test('contains exactly the last answer for each time, after any sequence of answers', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), bucket, bucket, (steps, first, second) => {
        const key = newKey();
        const expected = new Map<string, Map<number, number>>();
        for (const { from, to, lines, value } of steps.filter((one) => one.from < one.to)) {
          const t = Array.from({ length: to - from }, (_, i) => (from + i) * bucketMs).filter((at) => at % 3_000 === 0);
          const range = { from: from * bucketMs, to: to * bucketMs };
          const series = lines.map((segment) =>
            line(
              t,
              t.map(() => value),
              { segment },
            ),
          );
          seriesWrites.storeSeries(db, { answers: [{ connectionId, key, bucketMs, range, series, asOf: 1e12, damaged: [] }], now: 1 });
          for (const segment of ['belt-1', 'belt-2']) {
            const points = expected.get(segment) ?? new Map<number, number>();
            for (const at of points.keys()) if (range.from <= at && at < range.to) points.delete(at);
            if (lines.includes(segment)) for (const at of t) points.set(at, value);
            expected.set(segment, points);
          }
        }
        const [from, to] = [Math.min(first, second) * bucketMs, (Math.max(first, second) + 1) * bucketMs];
        const { series } = seriesReads.heldSeries(db, { connectionId, key, bucketMs, from, to, now: 1 });
        for (const line of ['belt-1', 'belt-2']) {
          const want = [...(expected.get(line) ?? [])].filter(([at]) => from <= at && at < to).sort(([a], [b]) => a - b);
          const have = series.find(({ labels }) => labels['segment'] === line);
          expect(Array.from(have?.t ?? [], (at, i) => [at, have?.v[i]])).toEqual(want);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('knows which intervals it has and as of when; later answers extend them', () => {
    const key = newKey();
    const answer = emptyAnswersOf(key);
    const held = (from: number, to: number) => seriesReads.heldSeries(db, { connectionId, key, bucketMs, from, to, now: 1 });
    expect(held(0, 10_000)).toMatchObject({ held: [], asOf: null, series: [] });
    seriesWrites.storeSeries(db, { answers: [answer(0, 10_000, 7_000), answer(20_000, 30_000, 30_000)], now: 1 });
    // Nothing is known about the time after the answer.
    expect(held(0, 40_000)).toMatchObject({
      held: [
        { from: 0, to: 7_000 },
        { from: 20_000, to: 30_000 },
      ],
      asOf: 30_000,
    });
    expect(held(0, 5_000).asOf).toBe(7_000);
    seriesWrites.storeSeries(db, { answers: [answer(5_000, 20_000, 31_000)], now: 1 });
    expect(held(0, 40_000).held).toEqual([{ from: 0, to: 30_000 }]);
    expect(
      db.prepare('SELECT count(*) FROM series_coverage WHERE query_id = (SELECT id FROM series_query WHERE key = ?)').pluck().get(key),
    ).toBe(1);
  });

  test('an interval read days ago keeps its age next to a fresh one', () => {
    const key = newKey();
    const day = 86_400_000;
    const answer = emptyAnswersOf(key);
    seriesWrites.storeSeries(db, { answers: [answer(0, day, day), answer(day, 3 * day, 3 * day)], now: 1 });
    expect(seriesReads.heldSeries(db, { connectionId, key, bucketMs, from: 0, to: day - 1, now: 1 }).asOf).toBe(day);
  });

  test('keeps the oldest time of merged intervals, for reconnecting', () => {
    const key = newKey();
    const answer = emptyAnswersOf(key);
    const readings = () => seriesReads.readingsOf(db, { connectionId, key, bucketMs });
    seriesWrites.storeSeries(db, { answers: [answer(0, 10_000, 1_000_000), answer(10_000, 20_000, 2_000_000)], now: 1 });
    expect(readings()).toEqual([{ from: 0, to: 20_000, asOf: 1_000_000 }]);
    expect(seriesReads.oldestReading(db, { connectionId, since: 999_999 })).toBe(1_000_000);
    seriesWrites.storeSeries(db, { answers: [answer(0, 20_000, 3_000_000)], now: 1 });
    expect(readings()).toEqual([{ from: 0, to: 20_000, asOf: 3_000_000 }]);
    expect(seriesReads.readingsOf(db, { connectionId, key: newKey(), bucketMs })).toEqual([]);
  });

  test('an unreadable interval is reported, not returned, and dropped with its coverage; the rest stays', () => {
    const key = newKey();
    const t = Array.from({ length: 3 * 512 }, (_, i) => i * bucketMs);
    const range = { from: 0, to: 3 * width };
    const question = { connectionId, key, bucketMs };
    const series = [line(t, t.map(Math.sin), { segment: 'a' }), line(t, t.map(Math.cos), { segment: 'b' })];
    seriesWrites.storeSeries(db, { answers: [{ ...question, range, series, asOf: 1e12, damaged: [] }], now: 1 });
    const id = db.prepare('SELECT id FROM series_query WHERE key = ?').pluck().get(key) as number;
    const damage = (start: number) =>
      db
        .prepare("UPDATE series_block SET chunk = zeroblob(length(chunk)) WHERE query_id = ? AND start = ? AND labels LIKE '%a%'")
        .run(id, start);
    const held = () => seriesReads.heldSeries(db, { ...question, ...range, now: 1 });
    damage(width);
    expect(held()).toMatchObject({
      unreadable: [width],
      held: [
        { from: 0, to: width },
        { from: 2 * width, to: 3 * width },
      ],
    });
    expect(held().series.map((one) => one.t.length)).toEqual([2 * 512, 3 * 512]);
    seriesWrites.dropUnreadable(db, { ...question, starts: [width] });
    expect(held()).toMatchObject({ unreadable: [], held: [{ from: 0, to: width }, { from: 2 * width }] });
    expect(held().series.map((one) => one.t.length)).toEqual([2 * 512, 2 * 512]);

    // An answer that covers a damaged interval only partly does not make the rest of it look empty.
    damage(0);
    const fresh = { from: width / 2, to: width + width / 2 };
    const part = series.map(({ labels, t: times, v }) => ({ labels, t: times.slice(256, 768), v: v.slice(256, 768) }));
    seriesWrites.storeSeries(db, { answers: [{ ...question, range: fresh, series: part, asOf: 1e12, damaged: [] }], now: 1 });
    expect(held()).toMatchObject({ unreadable: [], held: [fresh, { from: 2 * width, to: 3 * width }] });
    expect(held().series.map((one) => one.t.length)).toEqual([2 * 512, 2 * 512]);
  });

  test('keeps the damage reported by the backend, until an answer for that time reports none', () => {
    const key = newKey();
    const question = { connectionId, key, bucketMs };
    const store = (from: number, to: number, damaged: Interval[]) =>
      seriesWrites.storeSeries(db, { answers: [{ ...question, range: { from, to }, series: [], asOf: 1e12, damaged }], now: 1 });
    const damagedIn = (from: number, to: number) => seriesReads.heldSeries(db, { ...question, from, to, now: 1 }).damaged;
    // Only damage within the answer's own range counts.
    store(0, 10_000, [{ from: -5_000, to: 4_000 }]);
    store(10_000, 20_000, [{ from: 15_000, to: 90_000 }]);
    const both = [
      { from: 0, to: 4_000 },
      { from: 15_000, to: 20_000 },
    ];
    expect(damagedIn(0, 30_000)).toEqual(both);
    expect(damagedIn(2_000, 16_000)).toEqual([
      { from: 2_000, to: 4_000 },
      { from: 15_000, to: 16_000 },
    ]);
    store(1_000, 2_000, []);
    store(20_000, 22_000, [{ from: 20_000, to: 21_000 }]);
    expect(damagedIn(0, 30_000)).toEqual([
      { from: 0, to: 1_000 },
      { from: 2_000, to: 4_000 },
      { from: 15_000, to: 21_000 },
    ]);
    seriesWrites.dropUnreadable(db, { ...question, starts: [0] });
    expect(damagedIn(0, 30_000)).toEqual([]);
  });

  test('above its size limit it drops the least recently used points with their coverage', () => {
    db.exec('DELETE FROM series_query');
    const [old, recent] = [newKey(), newKey()];
    const t = Array.from({ length: 512 }, (_, i) => i * bucketMs);
    const range: Interval = { from: 0, to: width };
    const answer = (key: string) => ({ connectionId, key, bucketMs, range, series: [line(t, t.map(Math.sin))], asOf: 1e12, damaged: [] });
    seriesWrites.storeSeries(db, { answers: [answer(old)], now: 1 });
    seriesWrites.storeSeries(db, { answers: [answer(recent)], now: 2 });
    const bytes = db.prepare('SELECT sum(length(chunk)) / 2 FROM series_block').pluck().get() as number;
    expect(bytes).toBeLessThan(512 * 16);
    expect(seriesWrites.pruneSeries(db, { maxBytes: 2 * bytes })).toBe(0);
    seriesWrites.markUsed(db, { connectionId, key: old, bucketMs, from: 0, to: 1, now: 3 });
    expect(seriesWrites.pruneSeries(db, { maxBytes: 1.5 * bytes })).toBe(bytes);
    const held = (key: string) => seriesReads.heldSeries(db, { connectionId, key, bucketMs, ...range, now: 1 });
    expect(held(recent)).toMatchObject({ series: [], held: [] });
    expect(held(old).series[0]?.t).toHaveLength(512);
  });

  test('points are deleted with their connection', () => {
    const other = { id: 'gone', name: 'gone', url: 'http://gone', embedded: false, createdAt: 1 };
    const unknown = {
      ca: null,
      username: null,
      role: null,
      instanceId: null,
      backendVersion: null,
      lastEventId: null,
      lastExchangeAt: null,
    };
    connectionOperations.writes.saveProfile(db, { ...other, ...unknown });
    const key = newKey();
    const series = [line([1_000], [1])];
    const answer = { connectionId: 'gone', key, bucketMs, range: { from: 0, to: 2_000 }, series, asOf: 1e12, damaged: [] };
    seriesWrites.storeSeries(db, { answers: [answer], now: 1 });
    connectionOperations.writes.removeProfile(db, { id: 'gone' });
    expect(db.prepare('SELECT count(*) FROM series_query WHERE key = ?').pluck().get(key)).toBe(0);
    // A late answer is ignored.
    seriesWrites.storeSeries(db, { answers: [answer], now: 1 });
    expect(db.prepare('SELECT count(*) FROM series_query WHERE key = ?').pluck().get(key)).toBe(0);
  });
});

describe('the key of a question', () => {
  const of = (change: object) =>
    keyOf({ selector: { from: 'metric', name: 'cpu', labels: { a: '1', b: '2' } }, aggregation: 'avg', bucketMs: 1_000, ...change });
  test('is the same for the same labels in any order, another for anything else', () => {
    expect(of({ selector: { from: 'metric', name: 'cpu', labels: { b: '2', a: '1' } } })).toBe(of({}));
    const others = [
      of({ aggregation: 'max' }),
      of({ bucketMs: 0 }),
      of({ selector: { from: 'metric', name: 'cpu', labels: {} } }),
      of({ selector: { from: 'signal', loaderCode: 'cpu' } }),
    ];
    expect(new Set([of({}), ...others]).size).toBe(5);
  });
});

describe('what is confirmed', () => {
  const selector = { from: 'signal', loaderCode: 'belt-speed' } as const;
  const range = { from: 0, to: 60_000 };
  const read = (confirmed: Confirmed, asOf: number): void => {
    const reading = confirmed.reading('k', selector, { bucketMs: 10_000 });
    reading.take(range, asOf);
    reading.end();
  };

  test('includes what was read, except for the bucket that is still filling', () => {
    const confirmed = new Confirmed();
    expect(confirmed.lacking('k', range)).toEqual([range]);
    read(confirmed, 47_000);
    expect(confirmed.lacking('k', range)).toEqual([{ from: 40_000, to: 60_000 }]);
    read(confirmed, 100_000);
    expect(confirmed.lacking('k', range)).toEqual([]);
  });

  test('not where points were stored since, by whole buckets; other loaders do not matter', () => {
    const confirmed = new Confirmed();
    read(confirmed, 100_000);
    confirmed.stored({ loaderCode: 'belt-current', from: 0, to: 60_000 });
    confirmed.stored({ names: ['belt-speed'], from: 0, to: 60_000 });
    expect(confirmed.lacking('k', range)).toEqual([]);
    confirmed.stored({ loaderCode: 'belt-speed', from: 14_000, to: 20_000 });
    expect(confirmed.lacking('k', range)).toEqual([{ from: 10_000, to: 30_000 }]);
  });

  test('not where points were stored while the query was running', () => {
    const confirmed = new Confirmed();
    const reading = confirmed.reading('k', selector, { bucketMs: 10_000 });
    confirmed.stored({ loaderCode: 'belt-speed', from: 10_000, to: 10_001 });
    reading.take(range, 100_000);
    reading.end();
    expect(confirmed.lacking('k', range)).toEqual([{ from: 10_000, to: 20_000 }]);
  });

  test('nothing after the connection was lost, not even a query from before', () => {
    const confirmed = new Confirmed();
    read(confirmed, 100_000);
    const late = confirmed.reading('k', selector, { bucketMs: 10_000 });
    expect(confirmed.forget()).toEqual({ loaderCodes: ['belt-speed'], metricNames: [] });
    late.take(range, 100_000);
    late.end();
    expect(confirmed.lacking('k', range)).toEqual([range]);
  });
});
