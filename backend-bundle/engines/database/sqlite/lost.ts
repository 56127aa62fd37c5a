import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';

/** Files that hold points, including damaged ones that were set aside. */
const seriesFile = /^series(\..+)?\.db$/;

/**
 * Refuses to treat a folder that holds points as a new installation: its users, rules and alerts would be silently lost.
 * @returns whether the loss was accepted and control data is recreated
 * @throws AppError unavailable
 */
export function checkControlData(data: string, isAccepted: boolean, log: Logger): boolean {
  if (!existsSync(data)) return false;
  const file = join(data, 'watchfloor.db');
  const state = stateOf(file);
  const points = readdirSync(data).filter((name) => seriesFile.test(name) && statSync(join(data, name)).size > 0);
  if (state === 'held' || points.length === 0) return false;
  if (!isAccepted) {
    throw new AppError(
      'unavailable',
      `The control database ${file} ${state === 'missing' ? 'is missing' : 'is empty'}, but ${join(data, points[0] ?? '')} holds points: users, rules, alerts and dashboards of this installation are gone.`,
      {
        hint: `Restore watchfloor.db from a backup. To begin with new users and rules and keep the points, start once with --accept-new-control-data.`,
      },
    );
  }
  setAside(file);
  log.warn({ file, state }, 'control data is recreated: earlier users, rules, alerts and dashboards are lost; the points are kept');
  return true;
}

function stateOf(file: string): 'held' | 'empty' | 'missing' {
  if (!existsSync(file)) return 'missing';
  // SQLite takes an empty file for a new database, and deletes the log beside it.
  if (statSync(file).size === 0) return 'empty';
  try {
    const db = new Sqlite(file, { readonly: true });
    try {
      return db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table'").get() === undefined ? 'empty' : 'held';
    } finally {
      db.close();
    }
  } catch {
    // Damaged, or of another program: opening it says so.
    return 'held';
  }
}

/** Renames what is left of the database: its log above all may still be of use. */
function setAside(file: string): void {
  const time = new Date().toISOString().replaceAll(':', '-');
  for (const end of ['', '-wal', '-shm'])
    if (existsSync(file + end)) renameSync(file + end, `${file.replace(/\.db$/, '')}.lost-${time}.db${end}`);
}
