import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HistoryRow, ProducerRow, ReadingRow } from './file.ts';
import { runProducer } from './producer.ts';
import { readingAt } from './simulation.ts';

const seed = 7;
const day = 86_400_000;
let folder: string;
let file: string;
const log = pino({ level: 'silent' });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-conveyor-'));
  file = join(folder, 'plant', 'conveyor.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the producer while `during` looks on from another connection, as the backend does. */
async function produce(
  options: { historyMs?: number; periodMs?: number },
  during: (db: Database.Database) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  const running = runProducer({ file, signal: stopping.signal, log, seed, periodMs: 100, historyMs: 0, ...options });
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

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; !condition(); i++) {
    if (i > 1_000) throw new Error('waited in vain');
    await sleep(20);
  }
}

it('writes each belt every period, at once, as the simulation says', async () => {
  await produce({}, async (db) => {
    expect(rows(db)).toHaveLength(3);
    await until(() => rows(db).length >= 12);
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
    const live = rows(db, 'period_s < 10').length;
    expect(live).toBeGreaterThan(0);
    await until(() => history(db)?.filled_to === history(db)?.from_t);
    expect(rows(db, 'period_s = 10')).toHaveLength((2 * day * 3) / 10_000);
  });
  const before = new Database(file);
  const kept = rows(before, 'period_s = 10').length;
  before.close();
  await produce({ historyMs: 3 * day }, async (db) => {
    await sleep(300);
    expect(rows(db, 'period_s = 10')).toHaveLength(kept);
  });
});

it('goes on with history where it was stopped', async () => {
  await produce({ historyMs: 20 * day }, async (db) => until(() => (history(db)?.filled_to ?? 0) < (history(db)?.until_t ?? 0)));
  const stopped = new Database(file);
  const filled = history(stopped);
  stopped.close();
  expect(filled?.filled_to).toBeGreaterThan(filled?.from_t ?? 0);
  await produce({ historyMs: 20 * day }, async (db) => {
    await until(() => history(db)?.filled_to === filled?.from_t);
    expect(rows(db, 'period_s = 10')).toHaveLength((20 * day * 3) / 10_000);
  });
});

it('invents nothing for the time it was down', async () => {
  await produce({}, async (db) => until(() => rows(db).length >= 6));
  const gapFrom = Date.now();
  await sleep(600);
  const gapTo = Date.now();
  await produce({}, async (db) => {
    await until(() => rows(db, `t >= ${gapTo}`).length >= 3);
    expect(rows(db, `t > ${gapFrom} AND t < ${gapTo - 100}`)).toEqual([]);
  });
});

it('obeys faults and the switch', async () => {
  await produce({}, async (db) => {
    const set = (kind: string) =>
      db.prepare('INSERT OR REPLACE INTO faults (belt, kind, since, by_name) VALUES (?, ?, ?, ?)').run('belt-2', kind, Date.now(), 'test');
    set('stop');
    const from = Date.now() + 100;
    await until(() => rows(db, `t >= ${from}`).length >= 9);
    for (const row of rows(db, `t >= ${from}`)) {
      if (row.belt === 'belt-2') expect(row).toMatchObject({ speed: 0, items: 0 });
      else expect(row.speed).toBeGreaterThan(0.3);
    }
    set('bad_data');
    const bad = Date.now() + 100;
    await until(() => rows(db, `t >= ${bad}`).length >= 30);
    const cells = rows(db, `t >= ${bad} AND belt = 'belt-2'`).flatMap(({ speed, current, items, rejects }) => [
      speed,
      current,
      items,
      rejects,
    ]);
    expect(cells).toContain('ERR');
    expect(cells).toContain(null);

    db.prepare('UPDATE producer SET wanted_running = 0').run();
    await sleep(250);
    const stopped = rows(db).length;
    await sleep(400);
    expect(rows(db)).toHaveLength(stopped);
    db.prepare('UPDATE producer SET wanted_running = 1').run();
    await until(() => rows(db).length > stopped);
  });
});

it('deletes what is older than 35 days, and nothing else', async () => {
  await produce({}, async () => {});
  const db = new Database(file);
  const add = db.prepare("INSERT INTO readings VALUES ('belt-1', ?, 1, 1, 1, 1, 10)");
  add.run(Date.now() - 36 * day);
  add.run(Date.now() - 34 * day);
  db.close();
  await produce({}, async (running) => {
    await until(() => rows(running, `t < ${Date.now() - 35 * day}`).length === 0);
    expect(rows(running, `t < ${Date.now() - 33 * day}`)).toHaveLength(1);
  });
});

it('says who it is and when it wrote, and gives the file back', async () => {
  const begun = Date.now();
  await produce({}, async (db) => {
    const row = db.prepare<[], ProducerRow>('SELECT * FROM producer').get();
    expect(row).toMatchObject({ wanted_running: 1, period_ms: 100, pid: process.pid });
    // Readings are at whole periods.
    expect(row?.written_at).toBeGreaterThan(begun - 100);
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
