import { setTimeout as sleep } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type { Logger } from 'pino';
import { type FaultKind, faultKind } from '#common/contract/conveyor.ts';
import { AppError } from '#common/contract/errors.ts';
import { dayMs, hourMs } from '#common/time/durations.ts';
import { createConveyorFile, type FaultRow, type ProducerRow } from './file.ts';
import { fillHistory } from './history.ts';
import { uniform } from './noise.ts';
import { belts, readingAt } from './simulation.ts';

export interface ProducerOptions {
  /** The plant's SQLite database; created where it is missing. */
  file: string;
  /** Ends the producer. */
  signal: AbortSignal;
  log: Logger;
  /** Chooses the plant's character; the same seed gives the same readings. */
  seed?: number;
  /** Time between readings, ms. Default 2,000. */
  periodMs?: number;
  /** How far back a new file reaches, ms. */
  historyMs: number;
  /** The time, epoch ms. */
  now?: () => number;
  /** Waits for `ms` milliseconds; rejects when `signal` aborts. */
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const retentionMs = 35 * dayMs;
const pruneEveryMs = hourMs;
const pruneRows = 5_000;

function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Two producers on one file would write over each other's readings. */
function claim(database: Database.Database, file: string, periodMs: number, now: number): void {
  database
    .transaction(() => {
      const row = database.prepare<[], ProducerRow>('SELECT wanted_running, written_at, period_ms, pid FROM producer').get();
      const fresh = row?.written_at != null && now - row.written_at < 3 * row.period_ms;
      if (fresh && row.pid !== null && row.pid !== process.pid && processRuns(row.pid)) {
        throw new AppError('conflict', `Process ${row.pid} already writes to ${file}.`, { hint: 'Stop that one, or give another file.' });
      }
      database.prepare('UPDATE producer SET pid = ?, period_ms = ?').run(process.pid, periodMs);
    })
    .immediate();
}

/** Returns what a faulty sensor writes in place of a number. */
function corrupt(seed: number, t: number, column: number, value: number): number | string | null {
  const chance = uniform(seed, 9, t, column);
  return chance < 0.45 ? 'ERR' : chance < 0.8 ? null : value;
}

function makeTick(database: Database.Database, seed: number, periodMs: number): (t: number) => void {
  const wanted = database.prepare<[], { wanted_running: number }>('SELECT wanted_running FROM producer');
  const readFaults = database.prepare<[], FaultRow>('SELECT belt, kind, since, by_name FROM faults');
  const insert = database.prepare(
    'INSERT OR REPLACE INTO readings (belt, t, speed, current, items, rejects, period_s) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const written = database.prepare('UPDATE producer SET written_at = ?');
  return database.transaction((t: number) => {
    if (wanted.get()?.wanted_running !== 1) return;
    const faults = new Map<string, FaultKind>();
    for (const row of readFaults.all()) {
      const kind = faultKind.safeParse(row.kind);
      if (kind.success) faults.set(row.belt, kind.data);
    }
    for (const [i, { code }] of belts.entries()) {
      const fault = faults.get(code) ?? null;
      const reading = readingAt(seed, code, t, periodMs / 1000, fault);
      const values = [reading.speed, reading.current, reading.items, reading.rejects];
      const cells = fault === 'bad_data' ? values.map((value, column) => corrupt(seed + i, t, column, value)) : values;
      insert.run(code, t, ...cells, periodMs / 1000);
    }
    written.run(t);
  }).immediate;
}

/** Deletes expired readings in small steps, so that live readings never wait. */
function prune(database: Database.Database, before: number): void {
  const remove = database.prepare(
    `DELETE FROM readings WHERE belt = ? AND t IN (SELECT t FROM readings WHERE belt = ? AND t < ? ORDER BY t LIMIT ${pruneRows})`,
  );
  for (const { code } of belts) remove.run(code, code, before);
}

/**
 * Simulates the plant: writes a reading of each belt every period, some history when the file is new, and faults as the control tables ask.
 * Resolves when `signal` aborts.
 * @throws AppError conflict when another producer writes to the file
 */
export async function runProducer(options: ProducerOptions): Promise<void> {
  const { file, signal, log, seed = 20_240_501, periodMs = 2_000, historyMs, now = Date.now } = options;
  const wait = options.wait ?? ((ms: number) => sleep(ms, undefined, { signal }));
  const database = createConveyorFile(file, periodMs);
  try {
    claim(database, file, periodMs, now());
    const tick = makeTick(database, seed, periodMs);
    const aligned = () => Math.floor(now() / periodMs) * periodMs;
    tick(aligned());
    log.info({ file, periodMs }, 'the conveyor runs');
    const filling = fillHistory(database, { seed, historyMs, now: now(), signal, log }).catch((error) => {
      log.error({ err: error, file }, 'the history could not be written; the next start goes on with it');
    });
    let pruneAt = 0;
    while (!signal.aborted) {
      const next = aligned() + periodMs;
      await wait(next - now(), signal).catch(() => {});
      if (signal.aborted) break;
      try {
        // After the computer was suspended, only the current reading is written: nothing is invented.
        tick(aligned());
        if (now() >= pruneAt) {
          prune(database, now() - retentionMs);
          pruneAt = now() + pruneEveryMs;
        }
      } catch (error) {
        log.error({ err: error, file }, 'a reading could not be written; the next is tried');
      }
    }
    await filling;
    database.prepare('UPDATE producer SET pid = NULL').run();
  } finally {
    database.close();
  }
}
