import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '#common/contract/errors.ts';

/** Held while this process owns a data folder. */
export interface FolderLock {
  release(): void;
}

/**
 * Makes this process the only backend on a data folder. The operating system holds the lock on a file and releases it however the process
 * ends, so a lock is never stale, and two processes that start at once can't both get it.
 * @throws AppError conflict naming the process that holds the folder; unavailable when the lock file cannot be used
 */
export function lockFolder(folder: string): FolderLock {
  const lockFile = join(folder, 'backend.lock');
  const pidFile = join(folder, 'backend.pid');
  const lock = take(folder, lockFile, pidFile);
  // Only for the message that a second instance shows: the lock itself is what counts.
  writeFileSync(pidFile, String(process.pid));
  return {
    release() {
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}

function take(folder: string, lockFile: string, pidFile: string): Database.Database {
  let lock: Database.Database | undefined;
  try {
    lock = new Database(lockFile, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock?.close();
    if ((cause as { code?: string }).code?.startsWith('SQLITE_BUSY')) throw inUse(folder, pidFile, cause);
    throw new AppError('unavailable', `The lock file ${lockFile} cannot be used.`, {
      hint: 'Check the permissions and the free space of the folder; if the file is damaged and no backend runs, delete it.',
      cause,
    });
  }
}

function inUse(folder: string, pidFile: string, cause: unknown): AppError {
  const holder = readHolder(pidFile);
  return new AppError(
    'conflict',
    `Another backend${holder === null ? '' : ` (process ${holder})`} already uses the data folder ${folder}.`,
    {
      hint: `Stop ${holder === null ? 'it' : `process ${holder}`} first, or choose another folder with --data.`,
      cause,
    },
  );
}

function readHolder(pidFile: string): number | null {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
