import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '#common/contract/errors.ts';

export interface ConsoleLock {
  release(): void;
}

/**
 * Makes this process the only console on a data folder, and the folder if it is not there. The lock is the operating
 * system's own, on a file: it ends with the process however that ends, so there is never a stale one to judge.
 * @throws AppError conflict naming the process that holds it, and the link to it where there is one; unavailable or disk_full when
 *   the folder cannot be used
 */
export function lockConsole(dataDir: string): ConsoleLock {
  const pidFile = join(dataDir, 'console.pid');
  let lock: Database.Database | undefined;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    lock = new Database(join(dataDir, 'console.lock'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    // Only for the message that a second console shows.
    writeFileSync(pidFile, String(process.pid));
  } catch (cause) {
    lock?.close();
    throw explain(dataDir, pidFile, cause as NodeJS.ErrnoException);
  }
  const held = lock;
  return {
    release() {
      rmSync(pidFile, { force: true });
      held.close();
    },
  };
}

function explain(dataDir: string, pidFile: string, cause: NodeJS.ErrnoException): AppError {
  if (cause.code?.startsWith('SQLITE_BUSY')) {
    const pid = read(pidFile);
    const link = read(join(dataDir, 'console-link'));
    return new AppError('conflict', `Another console${pid ? ` (process ${pid})` : ''} already uses the data folder ${dataDir}.`, {
      hint: `${link ? `Open that one: ${link}` : 'Use that one'}, or choose another folder with --data.`,
      cause,
    });
  }
  const full = cause.code === 'ENOSPC' || cause.code === 'SQLITE_FULL';
  return new AppError(full ? 'disk_full' : 'unavailable', `The data folder ${dataDir} cannot be used: ${cause.message}`, {
    hint: full ? 'Free some space.' : 'Give this account the right to write there, or choose another folder with --data.',
    cause,
  });
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null;
  }
}
