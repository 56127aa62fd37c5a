import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../../test/support/manual-clock.ts';
import type { HistoryRow, ProducerRow, ReadingRow } from './file.ts';
import { runProducer } from './producer.ts';
import { readingAt } from './simulation.ts';

const seed = 7;
const day = 86_400_000;
let folder: string;
let file: string;
let clock: ManualClock;
const log = pino({ level: 'silent' });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-conveyor-'));
  file = join(folder, 'plant', 'conveyor.db');
  clock = manualClock();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the producer while `during` reads from another connection, as the backend does. */
async function produce(
  options: { historyMs?: number; periodMs?: number },
  during: (db: Database.Database) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  const running = runProducer({ file, signal: stopping.signal, log, seed, periodMs: 100, historyMs: 0, ...clock, ...options });
  const db = new Database(file, { timeout: 2_000 });
  try {
    await during(db);
  } finally {
    db.close();
    stopping.abort();
    await running;
  }
}

const rows = (db: Database.Database, where = '1') =>
  db.prepare<[], ReadingRow>(`SELECT * FROM readings WHERE ${where} ORDER BY t, belt`).all();
const history = (db: Database.Database) => db.prepare<[], HistoryRow>('SELECT * FROM history').get();

/** Lets the producer write history, which it does between turns of the event loop. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

it('writes each belt every period, at once, as the simulation says', async () => {
  await produce({}, async (db) => {
    expect(rows(db)).toHaveLength(3);
    for (let i = 0; i < 3; i++) await clock.step();
    expect(rows(db)).toHaveLength(12);
    for (const row of rows(db)) {
      const { speed, current, items, rejects } = row;
      expect(row.t % 100).toBe(0);
      expect({ speed, current, items, rejects }).toEqual(readingAt(seed, row.belt, row.t, 0.1, null));
    }
  });
});

it('writes history every 10 s, newest first, while live readings go on, and only once', async () => {
  await produce({ historyMs: 2 * day }, async (db) => {
    await until(() => (history(db)?.filled_to ?? 0) < (history(db)?.until_t ?? 0));
    await clock.step();
    expect(history(db)?.filled_to).toBeGreaterThan(history(db)?.from_t ?? 0);
    expect(rows(db, 'period_s < 10')).toHaveLength(6);
    await until(() => history(db)?.filled_to === history(db)?.from_t);
    expect(rows(db, 'period_s = 10')).toHaveLength((2 * day * 3) / 10_000);
  });
  const before = new Database(file);
  const kept = rows(before, 'period_s = 10').length;
  before.close();
  // If history were written again, it would be written between the readings, newest first, for the day that the producer was down.
  clock = manualClock(clock.now() + day);
  await produce({ historyMs: 3 * day }, async (db) => {
    for (let i = 0; i < 20; i++) await clock.step().then(() => turn());
    expect(rows(db, 'period_s = 10')).toHaveLength(kept);
  });
});

it('continues with history where it was stopped', async () => {
  await produce({ historyMs: 2 * day }, async (db) => until(() => (history(db)?.filled_to ?? 0) < (history(db)?.until_t ?? 0)));
  const stopped = new Database(file);
  const filled = history(stopped);
  stopped.close();
  expect(filled?.filled_to).toBeGreaterThan(filled?.from_t ?? 0);
  await produce({ historyMs: 2 * day }, async (db) => {
    await until(() => history(db)?.filled_to === filled?.from_t);
    expect(rows(db, 'period_s = 10')).toHaveLength((2 * day * 3) / 10_000);
  });
});

it('writes nothing for the time it was down', async () => {
  await produce({}, () => clock.step());
  const gapFrom = clock.now();
  const gapTo = gapFrom + day;
  clock = manualClock(gapTo);
  await produce({}, async (db) => {
    await clock.step();
    expect(rows(db, `t >= ${gapTo}`)).toHaveLength(6);
    expect(rows(db, `t > ${gapFrom} AND t < ${gapTo}`)).toEqual([]);
  });
});

it('obeys faults and the switch', async () => {
  await produce({}, async (db) => {
    const set = (kind: string) =>
      db.prepare('INSERT OR REPLACE INTO faults (belt, kind, since, by_name) VALUES (?, ?, ?, ?)').run('belt-2', kind, clock.now(), 'test');
    set('stop');
    const from = clock.now() + 100;
    await clock.advance(300);
    expect(rows(db, `t >= ${from}`)).toHaveLength(9);
    for (const row of rows(db, `t >= ${from}`)) {
      if (row.belt === 'belt-2') expect(row).toMatchObject({ speed: 0, items: 0 });
      else expect(row.speed).toBeGreaterThan(0.3);
    }
    set('bad_data');
    const bad = clock.now() + 100;
    await clock.advance(1_000);
    expect(rows(db, `t >= ${bad}`)).toHaveLength(30);
    const cells = rows(db, `t >= ${bad} AND belt = 'belt-2'`).flatMap(({ speed, current, items, rejects }) => [
      speed,
      current,
      items,
      rejects,
    ]);
    expect(cells).toContain('ERR');
    expect(cells).toContain(null);

    db.prepare('UPDATE producer SET wanted_running = 0').run();
    const stopped = rows(db).length;
    await clock.advance(60_000);
    expect(rows(db)).toHaveLength(stopped);
    db.prepare('UPDATE producer SET wanted_running = 1').run();
    await clock.step();
    expect(rows(db)).toHaveLength(stopped + 3);
  });
});

it('deletes what is older than 35 days, and nothing else', async () => {
  await produce({}, async () => {});
  const db = new Database(file);
  const add = db.prepare("INSERT INTO readings VALUES ('belt-1', ?, 1, 1, 1, 1, 10)");
  add.run(clock.now() - 36 * day);
  add.run(clock.now() - 34 * day);
  db.close();
  await produce({}, async (running) => {
    await clock.step();
    expect(rows(running, `t < ${clock.now() - 33 * day}`)).toMatchObject([{ t: clock.now() - 100 - 34 * day }]);
  });
});

it('records its process and last write, and releases the file', async () => {
  await produce({}, async (db) => {
    await clock.step();
    const row = db.prepare<[], ProducerRow>('SELECT * FROM producer').get();
    expect(row).toEqual({ id: 1, wanted_running: 1, period_ms: 100, pid: process.pid, written_at: clock.now() });
  });
  const db = new Database(file);
  expect(db.prepare<[], ProducerRow>('SELECT * FROM producer').get()?.pid).toBeNull();
  db.close();
});

it('refuses a file that another live producer writes', async () => {
  await produce({}, async (db) => {
    // Process 1 runs on every machine.
    db.prepare('UPDATE producer SET pid = 1, written_at = ?').run(Date.now() + 60_000);
    await expect(runProducer({ file, signal: AbortSignal.timeout(1_000), log, historyMs: 0 })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Process 1 already writes'),
    });
  });
});
