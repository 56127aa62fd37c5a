import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Points, recordOf } from '#common/timeseries/chunk.ts';
import { chunkId, chunkMs } from './schema.ts';
import { ChunkStore } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chunks-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = Math.floor(1_700_000_000_000 / chunkMs) * chunkMs;
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
type Step =
  | { do: 'append'; rows: { series: number; rows: Row[]; plain: boolean }[] }
  | { do: 'seal'; limit: number; all: boolean }
  | { do: 'crash' }
  | { do: 'expire'; hours: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      rows: fc.array(
        fc.record({ series: fc.integer({ min: 0, max: 2 }), rows: fc.array(row, { minLength: 1, maxLength: 150 }), plain: fc.boolean() }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('seal' as const), limit: fc.integer({ min: 1, max: 5 }), all: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), hours: fc.nat(2) }) },
);

function toPoints(rows: Row[], plain: boolean): Points {
  const column = (i: number) => Float64Array.from(rows, (r) => r[i] as number);
  const points: Points = { t: column(0), v: column(4) };
  if (!plain) points.record = { count: column(1), min: column(2), max: column(3), sum: column(5) };
  return points;
}

/** What a map from time to record says after the same steps. */
class Model {
  readonly rows: Map<number, Row>[] = [new Map(), new Map(), new Map()];
  #floor = 0;

  apply(one: Step): void {
    if (one.do === 'append') {
      for (const { series, rows, plain } of one.rows) {
        for (const r of rows) if (r[0] >= this.#floor) this.rows[series]?.set(r[0], plain ? [r[0], 1, r[4], r[4], r[4], r[4]] : r);
      }
    } else if (one.do === 'expire') {
      this.#floor = Math.max(this.#floor, start + one.hours * chunkMs);
      for (const rows of this.rows) for (const t of rows.keys()) if (t < this.#floor) rows.delete(t);
    }
  }

  within(series: number, from: number, to: number): Row[] {
    return [...(this.rows[series]?.values() ?? [])].filter(([t]) => t >= from && t < to).sort((a, b) => a[0] - b[0]);
  }
}

function rowsOf(points: Points): Row[] {
  const { count, min, max, sum } = recordOf(points);
  return Array.from(points.t, (t, i) => [t, count[i], min[i], max[i], points.v[i], sum[i]] as Row);
}

test('after any appends, late points, duplicates, sealing, crashes and expiry, every answer equals brute force', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.nat(6 * 3600),
      fc.nat(6 * 3600),
      fc.constantFrom(7_000, 60_000, 300_000, 3_600_000, 86_400_000),
      (steps, a, b, width) => {
        const file = join(folder, `${Math.random()}.db`);
        let store = new ChunkStore(file, () => now);
        const ids = [0, 1, 2].map((i) => store.series('signal', 'belt', { segment: String(i) }).id);
        const model = new Model();
        for (const one of steps) {
          model.apply(one);
          if (one.do === 'append')
            store.append(one.rows.map(({ series, rows, plain }) => ({ series: ids[series] as number, points: toPoints(rows, plain) })));
          else if (one.do === 'seal') store.seal(one.limit, one.all);
          else if (one.do === 'expire') while (store.expire(start + one.hours * chunkMs, 2) > 0);
          else {
            // A crash forgets memory and keeps the file: opening it again is all there is to recovery.
            store.close();
            store = new ChunkStore(file, () => now);
          }
        }
        const from = start + Math.min(a, b) * 1000;
        const to = start + Math.max(a, b) * 1000 + 1;
        const edges = Float64Array.from(
          { length: Math.ceil(to / width) - Math.floor(from / width) + 1 },
          (_, i) => (Math.floor(from / width) + i) * width,
        );
        for (const [i, id] of ids.entries()) {
          expect(rowsOf(store.read(id, from, to))).toEqual(model.within(i, from, to));
          const got = store.aggregate(id, from, to, edges);
          for (let k = 0; k + 1 < edges.length; k++) {
            const inside = model.within(i, Math.max(from, edges[k] as number), Math.min(to, edges[k + 1] as number));
            const sum = (column: 1 | 5) => inside.reduce((total, r) => total + r[column], 0);
            expect([got.n[k], got.records[k], got.sum[k]]).toEqual([inside.length, sum(1), sum(5)]);
            if (inside.length === 0) continue;
            expect([got.min[k], got.max[k]]).toEqual([Math.min(...inside.map((r) => r[2])), Math.max(...inside.map((r) => r[3]))]);
            expect([got.firstT[k], got.first[k], got.lastT[k], got.last[k]]).toEqual([
              inside[0]?.[0],
              inside[0]?.[4],
              inside.at(-1)?.[0],
              inside.at(-1)?.[4],
            ]);
          }
          expect(store.lastTime(id)).toBe(model.within(i, 0, Infinity).at(-1)?.[0] ?? null);
        }
        store.close();
      },
    ),
    { numRuns: 150 },
  );
});

describe('damage', () => {
  test('a chunk whose bytes changed is told and left out; the rest stays readable', () => {
    const file = join(folder, 'damaged.db');
    const store = new ChunkStore(file, () => now);
    const { id } = store.series('metric', 'cpu', {});
    const rows = Array.from({ length: 720 }, (_, i): Row => [start + i * 10_000, 1, i, i, i, i]);
    store.append([{ series: id, points: toPoints(rows, true) }]);
    store.close();
    const raw = new Database(file);
    const data = raw.prepare('SELECT data FROM data WHERE id = ?').pluck().get(chunkId(id, start)) as Buffer;
    data[data.length >> 1] = (data[data.length >> 1] as number) ^ 0xff;
    raw.prepare('UPDATE data SET data = ? WHERE id = ?').run(data, chunkId(id, start));
    raw.close();

    const again = new ChunkStore(file, () => now);
    expect(rowsOf(again.read(id, start, now)).map(([t]) => t)).toEqual(rows.filter(([t]) => t >= start + chunkMs).map(([t]) => t));
    expect(again.damage).toEqual([{ what: expect.stringContaining(`series ${id}`), reason: expect.stringMatching(/checksum/) }]);
    again.close();
  });

  test('a file from a newer version is refused and left as it is', () => {
    const file = join(folder, 'newer.db');
    new ChunkStore(file).close();
    const raw = new Database(file);
    raw.pragma('user_version = 99');
    raw.close();
    expect(() => new ChunkStore(file)).toThrow(/format 99.*Update Watchfloor/);
  });
});
