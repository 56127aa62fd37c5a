import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type { Logger } from 'pino';
import { dayMs, hourMs } from '#common/time/durations.ts';
import type { HistoryRow } from './file.ts';
import { belts, readingAt } from './simulation.ts';

const stepMs = 10_000;
/** History written in one transaction, ms. Small enough that a live reading waits a few milliseconds at most. */
const batchMs = hourMs;
const logEveryMs = 2_000;

/**
 * Writes readings every 10 s back to `historyMs` before the file was created, newest first. Continues where an earlier run was stopped, and
 * does nothing once the history is complete: readings missed while the producer was down stay missing.
 */
export async function fillHistory(
  database: Database.Database,
  options: { seed: number; historyMs: number; now: number; signal: AbortSignal; log: Logger },
): Promise<void> {
  const { seed, signal, log } = options;
  const until = Math.floor(options.now / stepMs) * stepMs;
  database
    .prepare('INSERT OR IGNORE INTO history (id, from_t, until_t, filled_to) VALUES (1, ?, ?, ?)')
    .run(until - Math.ceil(options.historyMs / stepMs) * stepMs, until, until);
  const history = database.prepare<[], HistoryRow>('SELECT from_t, until_t, filled_to FROM history').get();
  if (history === undefined || history.filled_to <= history.from_t) return;

  const insert = database.prepare(
    'INSERT OR IGNORE INTO readings (belt, t, speed, current, items, rejects, period_s) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const advance = database.prepare('UPDATE history SET filled_to = ?');
  const writeBatch = database.transaction((from: number, to: number) => {
    for (const { code } of belts) {
      for (let t = from; t < to; t += stepMs) {
        const reading = readingAt(seed, code, t, stepMs / 1000, null);
        insert.run(code, t, reading.speed, reading.current, reading.items, reading.rejects, stepMs / 1000);
      }
    }
    advance.run(from);
  });

  const total = history.until_t - history.from_t;
  let logAt = Date.now() + logEveryMs;
  for (let to = history.filled_to; to > history.from_t && !signal.aborted; ) {
    const from = Math.max(history.from_t, to - batchMs);
    writeBatch.immediate(from, to);
    to = from;
    if (Date.now() >= logAt) {
      log.info({ percent: Math.round((100 * (history.until_t - to)) / total) }, 'writing the conveyor’s history');
      logAt = Date.now() + logEveryMs;
    }
    await yieldToOthers();
  }
  if (!signal.aborted) log.info({ days: Math.round(total / dayMs) }, 'the conveyor’s history is complete');
}
