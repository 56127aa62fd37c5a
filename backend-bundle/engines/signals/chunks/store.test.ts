import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dayMs } from '#common/time/durations.ts';
import { type Points, recordOf } from '#common/timeseries/points.ts';
import type { BucketStats } from './buckets.ts';
import { makeFormat3 } from './format-3.ts';
import { columnsOf, everyMs, type Grid, wholeRange } from './grid.ts';
import { chunkId, chunkMs, hourOf } from './schema.ts';
import { finish } from './slices.ts';
import { ChunkStore } from './store.ts';
import type { SeriesWrite } from './writes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chunks-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// Late in a day, so that the hours below fall into two.
const start = Math.floor(1_700_000_000_000 / dayMs) * dayMs + 21 * chunkMs;
const now = start + 5 * chunkMs;

type Row = [t: number, count: number, min: number, max: number, v: number, sum: number];
const whole = fc.integer({ min: -1000, max: 1000 });
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.integer({ min: 0, max: 6 * 360 }).map((i) => start + i * 10_000),
  fc.nat(9),
  whole,
  whole,
  whole,
  whole,
);
/** Consecutive readings, dense enough for a roll-up by minute. */
const run: fc.Arbitrary<Row[]> = fc
  .tuple(fc.nat(5 * 3600), fc.integer({ min: 1, max: 4000 }), fc.constantFrom(1, 2, 5), whole)
  .map(([first, n, seconds, base]) =>
    Array.from({ length: Math.min(n, Math.floor((6 * 3600 - first) / seconds)) }, (_, i): Row => {
      const v = base + ((i * 7) % 37);
      return [start + (first + i * seconds) * 1000, 1 + (i % 3), v - 1, v + 1, v, v * 2];
    }),
  );
type Step =
  | { do: 'append'; rows: { series: number; rows: Row[]; plain: boolean }[] }
  | { do: 'seal'; limit: number; all: boolean }
  | { do: 'crash' }
  | { do: 'expire'; before: number }
  /** `stops`: the number of yields after which the process dies. */
  | { do: 'remove'; series: number[]; from: number; to: number; hours: number; stops: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      rows: fc.array(
        fc.record({
          series: fc.integer({ min: 0, max: 2 }),
          rows: fc.oneof(fc.array(row, { minLength: 1, maxLength: 150 }), run),
          plain: fc.boolean(),
        }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('seal' as const), limit: fc.integer({ min: 1, max: 5 }), all: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), before: fc.nat(3 * chunkMs).map((ms) => start + ms) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('remove' as const),
      series: fc.subarray([0, 1, 2], { minLength: 1 }),
      from: fc.integer({ min: -1, max: 6 * 360 }).map((i) => start + i * 10_000),
      to: fc.integer({ min: -1, max: 6 * 360 }).map((i) => start + i * 10_000),
      hours: fc.integer({ min: 1, max: 12 }),
      stops: fc.oneof(fc.nat(3), fc.constant(Infinity)),
    }),
  },
);

function toPoints(rows: Row[], plain: boolean): Points {
  const column = (i: number) => Float64Array.from(rows, (r) => r[i] as number);
  const points: Points = { t: column(0), v: column(4) };
  if (!plain) points.record = { count: column(1), min: column(2), max: column(3), sum: column(5) };
  return points;
}

/** The expected result: a map from time to record after the same steps. */
class Model {
  readonly rows: Map<number, Row>[] = [new Map(), new Map(), new Map()];

  apply(one: Step): void {
    if (one.do === 'append') {
      for (const { series, rows, plain } of one.rows) {
        for (const r of rows) this.rows[series]?.set(r[0], plain ? [r[0], 1, r[4], r[4], r[4], r[4]] : r);
      }
    } else if (one.do === 'expire') this.#delete([0, 1, 2], 0, one.before);
    else if (one.do === 'remove') this.#delete(one.series, one.from, one.to);
  }

  /** Returns the number of points of all series. */
  get size(): number {
    return this.rows.reduce((sum, { size }) => sum + size, 0);
  }

  #delete(series: readonly number[], from: number, to: number): void {
    for (const one of series) for (const t of this.rows[one]?.keys() ?? []) if (t >= from && t < to) this.rows[one]?.delete(t);
  }

  within(series: number, from: number, to: number): Row[] {
    return [...(this.rows[series]?.values() ?? [])].filter(([t]) => t >= from && t < to).sort((a, b) => a[0] - b[0]);
  }
}

function rowsOf(points: Points): Row[] {
  const { count, min, max, sum } = recordOf(points);
  return Array.from(points.t, (t, i) => [t, count[i], min[i], max[i], points.v[i], sum[i]] as Row);
}

function write(series: number, points: Points): SeriesWrite {
  return { kind: 'signal', name: 'belt', labels: { segment: String(series) }, unit: '', points };
}

function bucketsOf(rows: Row[], grid: Grid): BucketStats[] {
  return [...Map.groupBy(rows, ([t]) => grid.start(t))].map(([start, inside]) => ({
    start,
    n: inside.length,
    records: inside.reduce((total, r) => total + r[1], 0),
    from: inside[0]?.[0] ?? 0,
    to: inside.at(-1)?.[0] ?? 0,
    min: Math.min(...inside.map((r) => r[2])),
    max: Math.max(...inside.map((r) => r[3])),
    sum: inside.reduce((total, r) => total + r[5], 0),
    first: inside[0]?.[4] ?? 0,
    last: inside.at(-1)?.[4] ?? 0,
    low: Math.min(...inside.map((r) => r[4])),
    high: Math.max(...inside.map((r) => r[4])),
  }));
}

test('after any appends, late points, duplicates, deletions, sealing and crashes, every answer equals brute force', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.nat(6 * 3600),
      fc.nat(6 * 3600),
      fc.constantFrom(7_000, 60_000, 300_000, 3_600_000, 86_400_000),
      fc.integer({ min: 1, max: 2000 }),
      (steps, a, b, width, pixels) => {
        const file = join(folder, `${Math.random()}.db`);
        let store = new ChunkStore(file, () => now);
        const model = new Model();
        const reopen = () => {
          // A crash loses the memory and keeps the file: opening it again is the whole recovery.
          store.close();
          store = new ChunkStore(file, () => now);
        };
        for (const one of steps) {
          const before = model.size;
          model.apply(one);
          if (one.do === 'append') store.append(one.rows.map(({ series, rows, plain }) => write(series, toPoints(rows, plain))));
          else if (one.do === 'seal') store.seal(one.limit, one.all);
          else if (one.do === 'expire') while (store.expire(one.before, 2) > 0);
          else if (one.do === 'remove') {
            const ids = store.catalogue
              .named('signal', 'belt')
              .flatMap((s) => (one.series.includes(Number(s.labels['segment'])) ? [s.id] : []));
            const removing = store.remove(ids, one.from, one.to, one.hours);
            let stops = 0;
            let step = removing.next();
            for (; !step.done && stops < one.stops; stops++) step = removing.next();
            if (step.done) expect(step.value).toBe(before - model.size);
            else reopen();
          } else reopen();
        }
        const from = start + Math.min(a, b) * 1000;
        const to = start + Math.max(a, b) * 1000 + 1;
        for (const { id, labels } of store.catalogue.named('signal', 'belt')) {
          const series = Number(labels['segment']);
          const expected = model.within(series, from, to);
          expect(rowsOf(finish(store.reads.read(id, from, to)))).toEqual(expected);
          const { min, max } = store.reads.count(id, from, to);
          expect([min <= expected.length, max >= expected.length]).toEqual([true, true]);
          for (const grid of [everyMs(width), columnsOf(from, to, pixels), wholeRange]) {
            const got: BucketStats[] = [];
            finish(store.reads.aggregate(id, from, to, grid, (bucket) => got.push({ ...bucket }), true));
            expect(got).toEqual(bucketsOf(expected, grid));
          }
          expect(store.reads.lastTime(id)).toBe(model.within(series, 0, Infinity).at(-1)?.[0] ?? null);
        }
        for (const series of [0, 1, 2]) {
          const known = store.catalogue.named('signal', 'belt').some(({ labels }) => labels['segment'] === String(series));
          if (!known) expect(model.within(series, 0, Infinity)).toEqual([]);
        }
        expect(store.damage.all).toEqual([]);
        store.close();
      },
    ),
    { numRuns: 40 },
  );
});

test('deleted points do not come back from a log that was read before', () => {
  const file = join(folder, 'reread.db');
  const dense = Array.from({ length: 3600 }, (_, i): Row => [start + i * 1000, 1, i, i, i, i]);
  const reopened = () => new ChunkStore(file, () => now);
  let store = reopened();
  // In the log, then in a chunk that a run wrote over it, so that the log is not needed and not read again.
  store.append([write(0, toPoints(dense.slice(0, 10), true))]);
  store.append([write(0, toPoints(dense, true)), write(1, toPoints([[start + 5 * chunkMs, 1, 1, 1, 1, 1]], true))]);
  store.close();
  store = reopened();
  expect(store.expire(start + chunkMs)).toBe(3600);
  // A late point of the deleted hour: it stays until it is deleted too.
  store.append([write(0, toPoints(dense.slice(7, 9), true))]);
  store.close();
  store = reopened();
  const id = store.catalogue.named('signal', 'belt')[0]?.id ?? 0;
  expect(rowsOf(finish(store.reads.read(id, 0, Infinity)))).toEqual(dense.slice(7, 9));
  expect(store.expire(start + chunkMs)).toBe(2);
  expect(store.expire(start + chunkMs)).toBe(0);
  store.close();
  store = reopened();
  expect(finish(store.reads.read(id, 0, Infinity)).t).toHaveLength(0);
  store.close();
});

test('deletes a bounded number of hours per call, and continues where it stopped after a crash', () => {
  const file = join(folder, 'bounded.db');
  let store = new ChunkStore(file, () => now);
  const rows = Array.from({ length: 4 * 3600 }, (_, i): Row => [start + i * 1000, 1, i, i, i, i]);
  for (const series of [0, 1, 2]) store.append([write(series, toPoints(rows, true))]);
  store.seal(100, true);
  expect(store.expire(start + 3 * chunkMs, 4)).toBe(4 * 3600);
  store.close();
  store = new ChunkStore(file, () => now);
  expect([store.expire(start + 3 * chunkMs, 4), store.expire(start + 3 * chunkMs, 4), store.expire(start + 3 * chunkMs, 4)]).toEqual([
    4 * 3600,
    3600,
    0,
  ]);
  for (const { id } of store.catalogue.named('signal', 'belt')) {
    expect(finish(store.reads.read(id, 0, Infinity)).t[0]).toBe(start + 3 * chunkMs);
    finish(store.reads.aggregate(id, 0, Infinity, wholeRange, ({ n }) => expect(n).toBe(3600)));
  }
  store.close();
});

test('deleted points do not come back from the log, even if the hour was filled again in between', () => {
  const file = join(folder, 'expired.db');
  const store = new ChunkStore(file, () => now);
  const dense = Array.from({ length: 3600 }, (_, i): Row => [start + i * 1000, 1, i, i, i, i]);
  store.append([write(0, toPoints(dense.slice(0, 10), true))]);
  store.append([write(0, toPoints(dense, true))]);
  expect(store.expire(start + chunkMs)).toBe(3600);
  store.close();
  const again = new ChunkStore(file, () => now);
  const [series] = again.catalogue.named('signal', 'belt');
  expect(finish(again.reads.read(series?.id ?? 0, 0, Infinity)).t).toHaveLength(0);
  expect(series?.lastAt).toBe(start + 3599_000);
  // Old points can be written again.
  again.append([write(0, toPoints(dense.slice(5, 7), true))]);
  again.close();
  const third = new ChunkStore(file, () => now);
  expect(rowsOf(finish(third.reads.read(series?.id ?? 0, 0, Infinity)))).toEqual(dense.slice(5, 7));
  third.close();
});

test('the columns of a chart divide time at their edges, also between two milliseconds', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 4000 }), fc.nat(), (from, length, columns, at) => {
      const grid = columnsOf(from, from + length, columns);
      const t = from + (at % length);
      const begin = grid.start(t);
      // If the edge of the column lies between two milliseconds, the column starts at the later one.
      const column = Array.from({ length: columns }, (_, i) => i).find((i) => t < from + ((i + 1) * length) / columns) ?? 0;
      expect([grid.column(t), begin]).toEqual([column, Math.ceil(from + (column * length) / columns)]);
      expect(grid.end(begin)).toBe(Math.ceil(from + ((column + 1) * length) / columns));
    }),
  );
});

test('a file of the previous format is migrated and gives the same answers', () => {
  const file = join(folder, 'old.db');
  const store = new ChunkStore(file, () => now);
  const rows = Array.from({ length: 3600 }, (_, i): Row => [start + i * 2000, 2, i % 50, (i % 50) + 9, (i % 50) + 3, i]);
  store.append([write(0, toPoints(rows, false)), { ...write(0, toPoints(rows, true)), kind: 'metric', name: 'cpu' }]);
  store.seal(100, true);
  store.close();
  const raw = new Database(file);
  makeFormat3(raw);
  for (const table of ['days', 'chunks']) for (const column of ['low', 'high']) raw.exec(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  for (const table of ['removed', 'removing']) raw.exec(`DROP TABLE ${table}`);
  raw.pragma('user_version = 1');
  raw.close();
  const again = new ChunkStore(file, () => now);
  const minutes = everyMs(60_000);
  for (const grid of [minutes, everyMs(chunkMs), wholeRange]) {
    const ask = (kind: 'signal' | 'metric', name: string) => {
      const got: BucketStats[] = [];
      finish(
        again.reads.aggregate(again.catalogue.named(kind, name)[0]?.id ?? 0, start, now, grid, (bucket) => got.push({ ...bucket }), true),
      );
      return got;
    };
    expect(ask('signal', 'belt')).toEqual(bucketsOf(rows, grid));
    expect(ask('metric', 'cpu')).toEqual(
      bucketsOf(
        rows.map(([t, , , , v]): Row => [t, 1, v, v, v, v]),
        grid,
      ),
    );
  }
  again.close();
});

test('points deleted in the previous format stay deleted', () => {
  const file = join(folder, 'expired-before.db');
  const store = new ChunkStore(file, () => now);
  const rows = Array.from({ length: 100 }, (_, i): Row => [now + i, 1, i, i, i, i]);
  store.append([write(0, toPoints(rows, true))]);
  store.close();
  const raw = new Database(file);
  makeFormat3(raw);
  for (const table of ['removed', 'removing']) raw.exec(`DROP TABLE ${table}`);
  raw.exec('CREATE TABLE expired (series INTEGER NOT NULL, seq INTEGER NOT NULL, before INTEGER NOT NULL, PRIMARY KEY (series, seq))');
  raw.prepare('INSERT INTO expired VALUES (1, 1, ?)').run(now + 30);
  raw.pragma('user_version = 2');
  raw.close();
  const again = new ChunkStore(file, () => now);
  expect(rowsOf(finish(again.reads.read(1, 0, Infinity)))).toEqual(rows.slice(30));
  again.close();
});

test('deleting an interval removes points from chunks, pending points and the log, and counts them once', () => {
  const file = join(folder, 'stretch.db');
  let store = new ChunkStore(file, () => now);
  const dense = Array.from({ length: 3 * 3600 }, (_, i): Row => [start + i * 1000, 1, i, i, i, i]);
  const late = Array.from({ length: 10 }, (_, i): Row => [start + i * 600_000 + 1, 1, i - 50, i - 50, i - 50, i - 50]);
  store.append([write(0, toPoints(dense, true)), write(1, toPoints(dense, true))]);
  store.seal(100, true);
  store.append([write(0, toPoints(late, true))]);
  const [from, to] = [start + 1_800_000, start + 2 * chunkMs + 1_800_000];
  const id = store.catalogue.named('signal', 'belt')[0]?.id ?? 0;
  const inside = (rows: Row[]) => rows.filter(([t]) => t >= from && t < to);
  expect(finish(store.remove([id], from, to))).toBe(inside([...dense, ...late]).length);
  expect(finish(store.remove([id], from, to))).toBe(0);
  const left = [...dense, ...late].filter((r) => !inside([r]).length).sort((a, b) => a[0] - b[0]);
  const check = (rows: Row[]) => {
    expect(rowsOf(finish(store.reads.read(id, 0, Infinity)))).toEqual(rows);
    for (const grid of [everyMs(60_000), everyMs(chunkMs), everyMs(dayMs), wholeRange]) {
      const got: BucketStats[] = [];
      finish(store.reads.aggregate(id, 0, now, grid, (bucket) => got.push({ ...bucket }), true));
      expect(got).toEqual(bucketsOf(rows, grid));
    }
  };
  check(left);
  const again = dense.slice(3600, 3610);
  store.append([write(0, toPoints(again, true))]);
  check([...left, ...again].sort((a, b) => a[0] - b[0]));
  store.close();
  store = new ChunkStore(file, () => now);
  check([...left, ...again].sort((a, b) => a[0] - b[0]));
  // The other series is as it was.
  expect(finish(store.reads.read(store.catalogue.named('signal', 'belt')[1]?.id ?? 0, 0, Infinity)).t).toHaveLength(dense.length);
  store.close();
});

test('reports its contents, the pending log and the last compaction', () => {
  const file = join(folder, 'figures.db');
  let store = new ChunkStore(file, () => now);
  const none = { oldestAt: null, newestAt: null, pending: { points: 0, bytes: 0 }, compactedAt: null };
  expect(finish(store.figures())).toEqual({ series: 0, points: 0, ...none });
  const rows = Array.from({ length: 50 }, (_, i): Row => [start + i * 60_000, 1, i, i, i, i]);
  store.append([write(0, toPoints(rows, true)), write(1, toPoints([[now + 5, 1, 1, 1, 1, 1]], true))]);
  const waiting = finish(store.figures());
  expect(waiting).toMatchObject({ series: 2, points: 51, oldestAt: start, newestAt: now + 5, pending: { points: 51 }, compactedAt: null });
  expect(waiting.pending.bytes).toBeGreaterThan(10);
  store.seal(10, true);
  const sealed = { series: 2, points: 51, oldestAt: start, newestAt: now + 5, pending: { points: 0, bytes: 0 }, compactedAt: now };
  expect(finish(store.figures())).toEqual(sealed);
  store.close();
  store = new ChunkStore(file, () => now);
  finish(store.remove([2], 0, Infinity));
  expect(finish(store.figures())).toEqual({ ...sealed, points: 50, newestAt: rows.at(-1)?.[0] });
  store.close();
});

describe('damage', () => {
  test('deleting part of an unreadable chunk deletes the whole chunk', () => {
    const file = join(folder, 'cut-damaged.db');
    const store = new ChunkStore(file, () => now);
    const rows = Array.from({ length: 2 * 3600 }, (_, i): Row => [start + i * 1000, 1, i, i, i, i]);
    store.append([write(0, toPoints(rows, true))]);
    store.seal(10, true);
    store.close();
    const raw = new Database(file);
    raw.prepare('UPDATE data SET data = zeroblob(20) WHERE id = ?').run(chunkId(1, start));
    raw.close();
    const again = new ChunkStore(file, () => now);
    finish(again.remove([1], start + 1_000, start + 2_000));
    const counted: number[] = [];
    finish(again.reads.aggregate(1, 0, now, wholeRange, ({ n }) => counted.push(n)));
    expect([counted, again.damage.all.length]).toEqual([[3600], 1]);
    again.close();
  });

  test('a chunk whose bytes changed is reported and left out; the rest stays readable', () => {
    const file = join(folder, 'damaged.db');
    const store = new ChunkStore(file, () => now);
    const rows = Array.from({ length: 720 }, (_, i): Row => [start + i * 10_000, 1, i, i, i, i]);
    store.append([write(0, toPoints(rows, true))]);
    store.seal(10, true);
    const id = store.catalogue.named('signal', 'belt')[0]?.id ?? 0;
    store.close();
    const raw = new Database(file);
    const data = raw.prepare('SELECT data FROM data WHERE id = ?').pluck().get(chunkId(id, start)) as Buffer;
    data[data.length >> 1] = (data[data.length >> 1] as number) ^ 0xff;
    raw.prepare('UPDATE data SET data = ? WHERE id = ?').run(data, chunkId(id, start));
    raw.close();

    const again = new ChunkStore(file, () => now);
    expect(rowsOf(finish(again.reads.read(id, start, now))).map(([t]) => t)).toEqual(
      rows.filter(([t]) => t >= start + chunkMs).map(([t]) => t),
    );
    expect(again.damage.all).toEqual([
      {
        what: `points of signal belt{segment=0}, ${new Date(start).toISOString()} to ${new Date(start + chunkMs).toISOString()}`,
        reason: 'The checksum does not fit.',
      },
    ]);
    again.close();
  });

  const cut = fc.record({ kind: fc.constantFrom('flip' as const, 'cut' as const), at: fc.nat(), bit: fc.nat(7) });
  test('any changed byte of a chunk, a roll-up or the log is noticed, and only its points are missing', () => {
    fc.assert(
      fc.property(fc.constantFrom('data', 'rollups', 'wal'), fc.nat(), cut, (table, which, { kind, at, bit }) => {
        const file = join(folder, `${Math.random()}.db`);
        const store = new ChunkStore(file, () => now);
        const rows = Array.from({ length: 3 * 1800 }, (_, i): Row => [start + i * 2000, 1, i % 50, i % 50, i % 50, i % 50]);
        const late = Array.from({ length: 20 }, (_, i): Row => [start + i * 300_000 + 1, 1, -i, -i, -i, -i]);
        for (const series of [0, 1]) store.append([write(series, toPoints(rows, true))]);
        store.seal(100, true);
        for (const series of [0, 1]) store.append([write(series, toPoints(late, true))]);
        store.close();
        const raw = new Database(file);
        const all = raw.prepare(`SELECT rowid AS id, data FROM ${table} ORDER BY rowid`).all() as { id: number; data: Buffer }[];
        const victim = all[which % all.length] as { id: number; data: Buffer };
        const spot = at % victim.data.length;
        if (kind === 'flip') victim.data[spot] = (victim.data[spot] as number) ^ (1 << bit);
        const data = kind === 'flip' ? victim.data : victim.data.subarray(0, spot);
        raw.prepare(`UPDATE ${table} SET data = ? WHERE rowid = ?`).run(data, victim.id);
        raw.close();

        const again = new ChunkStore(file, () => now);
        const damagedHour = table === 'data' ? hourOf(victim.id) : null;
        let missing = 0;
        for (const { id } of again.catalogue.named('signal', 'belt')) {
          finish(again.reads.aggregate(id, start, now, everyMs(7_000), () => {}));
          finish(again.reads.aggregate(id, start, now, everyMs(60_000), () => {}));
          const isDamaged = table === 'data' && chunkId(id, damagedHour ?? 0) === victim.id;
          const isCut = table === 'wal' && !finish(again.reads.read(id, start + 1, start + 2)).t.length;
          const expected = [
            ...rows.filter(([t]) => !(isDamaged && t >= (damagedHour ?? 0) && t < (damagedHour ?? 0) + chunkMs)),
            ...(isCut ? [] : late),
          ];
          expect(rowsOf(finish(again.reads.read(id, start, now))).map(([t]) => t)).toEqual(expected.map(([t]) => t).sort((a, b) => a - b));
          if (isDamaged || isCut) missing += 1;
        }
        expect(missing).toBe(table === 'rollups' ? 0 : 1);
        // Some hours have late points pending, so their minutes are not read.
        expect(again.damage.all.length).toBe(table === 'rollups' && hourOf(victim.id) < start + 2 * chunkMs ? 0 : 1);
        again.close();
      }),
      { numRuns: 40 },
    );
  });

  test('a file from a newer version is refused and not changed', () => {
    const file = join(folder, 'newer.db');
    new ChunkStore(file).close();
    const raw = new Database(file);
    raw.pragma('user_version = 99');
    raw.close();
    expect(() => new ChunkStore(file)).toThrow(/format 99.*Update Watchfloor/);
  });
});
