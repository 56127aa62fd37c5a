import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chunkMs } from '#backend/engines/signals/chunks/schema.ts';
import { openSeriesFile } from '#backend/engines/signals/chunks/series-file.ts';
import type { ChunkSignals } from '#backend/engines/signals/chunks/signals.ts';
import { finish } from '#backend/engines/signals/chunks/slices.ts';
import { isDamage } from '#backend/engines/signals/chunks/verify.ts';
import { dayMs } from '#common/time/durations.ts';
import type { Interval } from '#common/time/intervals.ts';
import { examples } from '../support/chance.ts';

/** Six series of six days: some dense, some hourly, some deleted in part, some with late points that are in the log only. */
const start = Math.floor(1_700_000_000_000 / dayMs) * dayMs;
const end = start + 6 * dayMs;
const now = end + 30 * 60_000;
const deleted = { from: start + dayMs, to: start + 2 * dayMs };
const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const selector = (name: string) => ({ from: 'metric' as const, name: 'm', labels: { name } });
const all = { from: 0, to: now };

let folder = '';
let original = '';
/** The expected points of every series. */
const truth = new Map<string, Map<number, number>>();

function write(signals: ChunkSignals, name: string, from: number, to: number, stepMs: number, shift: number): void {
  const n = Math.ceil((to - from) / stepMs);
  const t = Float64Array.from({ length: n }, (_, i) => from + i * stepMs);
  const v = Float64Array.from(t, (time, i) => ((time / 1_000) % 977) + i * 0.37 + shift);
  signals.store.append([{ kind: 'metric', name: 'm', unit: '', labels: { name }, points: { t, v } }]);
  const rows = truth.get(name) ?? new Map<number, number>();
  truth.set(name, rows);
  for (const [i, time] of t.entries()) rows.set(time, v[i] as number);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-damage-'));
  original = join(folder, 'series.db');
  const signals = openSeriesFile(original, { now: () => now });
  for (const [i, name] of names.entries()) {
    const step = i % 2 === 0 ? 7_000 : chunkMs / 2;
    write(signals, name, start, end - dayMs, step, i);
  }
  while (signals.store.seal(100, true) > 0);
  for (const name of ['a', 'b']) {
    finish(signals.remove({ selector: selector(name), ...deleted }));
    for (const t of truth.get(name)?.keys() ?? []) if (t >= deleted.from && t < deleted.to) truth.get(name)?.delete(t);
  }
  for (const [i, name] of names.entries()) write(signals, name, end - dayMs, end, i % 2 === 0 ? 7_000 : chunkMs / 2, i);
  while (signals.store.seal(100, true) > 0);
  // Late points stay in the log; the last write is in SQLite's own log, as after a kill.
  for (const name of ['a', 'b', 'c']) write(signals, name, start + 3 * dayMs + 1, start + 3 * dayMs + chunkMs, 600_000, 50);
  signals.store.close();
  const again = openSeriesFile(original, { now: () => now });
  for (const name of ['d', 'e']) write(again, name, start + 4 * dayMs + 1, start + 4 * dayMs + chunkMs, 600_000, 70);
  copyFileSync(`${original}-wal`, join(folder, 'kept-wal'));
  copyFileSync(original, join(folder, 'kept'));
  again.store.close();
  copyFileSync(join(folder, 'kept'), original);
  copyFileSync(join(folder, 'kept-wal'), `${original}-wal`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let copies = 0;
/** A copy of the file, damaged by `damage`. */
function damagedCopy(damage: (file: string) => void): string {
  const file = join(mkdtempSync(join(folder, `${copies++}-`)), 'series.db');
  copyFileSync(original, file);
  copyFileSync(`${original}-wal`, `${file}-wal`);
  damage(file);
  return file;
}

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const size = statSync(file).size;
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, Math.min(bytes.length, size - (at % size)), at % size);
  closeSync(handle);
}

interface Findings {
  /** Missing points that the answer reports as possibly missing. */
  reported: number;
  /** Errors: missing points that are not reported, and points that were never written or were deleted. */
  faults: string[];
  found: number;
  damage: string[];
  aside: string | null;
}

/** Opens the file as the worker does, also again when damage is met later, and holds every answer against the truth. */
function examine(file: string): Findings {
  let damage: string | undefined;
  for (let attempt = 0; ; attempt++) {
    const signals = openSeriesFile(file, { now: () => now }, damage);
    try {
      return findings(signals);
    } catch (error) {
      if (!isDamage(error) || attempt > 1) throw error;
      damage = (error as Error).message;
    } finally {
      signals.store.close();
    }
  }
}

function findings(signals: ChunkSignals): Findings {
  const findings: Findings = { reported: 0, faults: [], found: 0, damage: [], aside: null };
  for (const [name, points] of truth) {
    const question = { selector: selector(name), ...all };
    const [line] = finish(signals.query({ ...question, aggregation: 'raw', bucketMs: 0, maxPoints: 1e7 }));
    const [whole] = finish(signals.summarise(question));
    const found = new Map(Array.from(line?.t ?? [], (t, i) => [t, line?.v[i]]));
    const damaged: Interval[] = signals.damaged(question);
    for (const [t, v] of found) if (points.get(t) !== v) findings.faults.push(`${name} at ${t}: ${v} in place of ${points.get(t)}`);
    let silent = 0;
    for (const t of points.keys()) {
      if (found.has(t)) continue;
      if (damaged.some(({ from, to }) => t >= from && t < to)) findings.reported += 1;
      else silent += 1;
    }
    if (silent > 0) findings.faults.push(`${silent} points of ${name} are missing without a word`);
    // Of an hour whose points are damaged the statistics may be whole.
    const summed = whole?.points ?? 0;
    if (summed < found.size || summed > points.size)
      findings.faults.push(`${name}: ${summed} points are summed up, ${found.size} are read`);
    findings.found += found.size;
  }
  findings.damage = signals.store.damage.all.map(({ what }) => what);
  findings.aside = signals.store.damage.aside;
  return findings;
}

const total = () => [...truth.values()].reduce((sum, points) => sum + points.size, 0);
const noise = (length: number, seed: number) => Uint8Array.from({ length }, (_, i) => Math.imul(seed + i * 7 + 1, 2_654_435_761) >>> 24);

it('the file is right before it is damaged', () => {
  expect(examine(damagedCopy(() => undefined))).toEqual({ reported: 0, faults: [], found: total(), damage: [], aside: null });
});

it('a write interrupted by a kill, followed by a shorter one, is not damage', () => {
  const file = damagedCopy(() => undefined);
  const raw = new Database(file);
  raw.pragma('cache_size = 10');
  raw.exec('BEGIN; UPDATE data SET seq = seq + 1');
  // As a kill in the middle of the write leaves it: many frames, no commit.
  const cutOff = damagedCopy(() => undefined);
  copyFileSync(file, cutOff);
  copyFileSync(`${file}-wal`, `${cutOff}-wal`);
  raw.exec('ROLLBACK');
  raw.close();
  expect(statSync(`${cutOff}-wal`).size).toBeGreaterThan(2 * statSync(`${original}-wal`).size);

  const signals = openSeriesFile(cutOff, { now: () => now });
  signals.store.append([
    { kind: 'metric', name: 'm', unit: '', labels: { name: 'z' }, points: { t: Float64Array.of(start), v: Float64Array.of(1) } },
  ]);
  const killed = damagedCopy(() => undefined);
  copyFileSync(cutOff, killed);
  copyFileSync(`${cutOff}-wal`, `${killed}-wal`);
  signals.store.close();
  expect(examine(killed)).toMatchObject({ faults: [], found: total(), damage: [], aside: null });
});

describe('a damaged series file opens, loses no more than necessary, and reports what it lost', () => {
  it.each([
    ['its header', (file: string) => overwrite(file, 0, noise(100, 1))],
    ['its first 20 KB, zeroed', (file: string) => overwrite(file, 0, new Uint8Array(20_480))],
    ['its number of format', (file: string) => overwrite(file, 60, noise(4, 5))],
    ['its list of free pages', (file: string) => overwrite(file, 32, noise(8, 3))],
    ['20 KB in its middle', (file: string) => overwrite(file, statSync(file).size >> 1, noise(20_480, 2))],
    ['20 KB of its write-ahead log', (file: string) => overwrite(`${file}-wal`, 0, noise(20_480, 4))],
  ])('%s', (_, damage) => {
    const { faults, aside, found } = examine(damagedCopy(damage));
    expect(faults).toEqual([]);
    expect(aside).toMatch(/^series\.damaged-2023-11-.*\.db$/);
    expect(found).toBeGreaterThan(total() * 0.8);
  });

  it.each([
    ['looks like one of an earlier log', (salts: Buffer) => salts.writeUInt32BE(salts.readUInt32BE(0) - 1, 0)],
    ['is zeroed', (salts: Buffer) => salts.fill(0)],
  ])('the last frame of its write-ahead log, whose header %s', (_, change) => {
    const { faults, aside } = examine(
      damagedCopy((copy) => {
        const at = statSync(`${copy}-wal`).size - 4_120;
        const header = readFileSync(`${copy}-wal`).subarray(at, at + 24);
        change(header.subarray(8, 16));
        if (header.readUInt32BE(8) === 0) header.fill(0);
        else header.writeUInt32BE(~header.readUInt32BE(12) >>> 0, 12);
        overwrite(`${copy}-wal`, at, header);
      }),
    );
    expect(faults).toEqual([]);
    expect(aside).not.toBeNull();
  });

  it('overwritten anywhere, by anything', () => {
    const damage = fc.record({
      where: fc.constantFrom('', '', '', '-wal'),
      at: fc.nat(),
      length: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 200, max: 20_480 })),
      seed: fc.nat(),
      isZero: fc.boolean(),
    });
    let noticed = 0;
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 2 }), (damages) => {
        const file = damagedCopy((copy) => {
          for (const { where, at, length, seed, isZero } of damages)
            overwrite(copy + where, at, isZero ? new Uint8Array(length) : noise(length, seed));
        });
        const { faults, found, damage: reported } = examine(file);
        expect(faults).toEqual([]);
        expect(found).toBeGreaterThan(total() * 0.5);
        if (reported.length > 0) noticed += 1;
        // When it is opened again it is intact, and reports the same.
        expect(examine(file)).toMatchObject({ faults: [], found });
        rmSync(join(file, '..'), { recursive: true });
      }),
      { numRuns: examples(40) },
    );
    // Most bytes hold something.
    expect(noticed).toBeGreaterThan(examples(12));
  }, 300_000);

  it('cut off anywhere', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (part) => {
        const file = damagedCopy((copy) => truncateSync(copy, Math.floor(statSync(copy).size * part)));
        const { faults, aside } = examine(file);
        expect(faults).toEqual([]);
        expect(aside).not.toBeNull();
      }),
      { numRuns: examples(12) },
    );
  }, 60_000);

  it.each([
    ['emptied', (file: string) => truncateSync(file, 0)],
    ['overwritten by a text', (file: string) => writeFileSync(file, 'This is no database, but somebody’s notes. '.repeat(500))],
    [
      'replaced by the database of another program',
      (file: string) => {
        rmSync(file);
        new Database(file).exec('CREATE TABLE chunks (a); INSERT INTO chunks VALUES (1)').close();
      },
    ],
  ])('%s', (_, damage) => {
    const file = damagedCopy((copy) => {
      rmSync(`${copy}-wal`);
      damage(copy);
    });
    const before = statSync(file).size;
    const { faults, aside, found } = examine(file);
    expect([faults, found]).toEqual([[], 0]);
    // It is kept as it was.
    expect(statSync(join(file, '..', aside ?? '')).size).toBe(before);
    expect(examine(file).aside).toBe(aside);
    rmSync(join(file, '..', aside ?? ''));
    expect(examine(file)).toMatchObject({ aside: null, damage: expect.not.arrayContaining([expect.stringContaining('set aside')]) });
  });

  it('a crash during the salvage loses nothing', () => {
    const file = damagedCopy((copy) => overwrite(copy, 0, noise(100, 1)));
    const { found } = examine(file);
    const dir = join(file, '..');
    // As between the last two steps: the damaged file is aside, the saved one not in place yet.
    renameSync(file, `${file}.saved`);
    expect(examine(file)).toMatchObject({ faults: [], found });
    expect(readdirSync(dir).filter((name) => /sav/.test(name))).toEqual([]);
    expect(existsSync(file)).toBe(true);
  });
});
