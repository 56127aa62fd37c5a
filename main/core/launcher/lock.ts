import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { AppError } from '#common/contract/errors.ts';
import { problemError } from '#common/words/problems.ts';

export interface ConsoleLock {
  release(): void;
}

/**
 * Makes this process the only console that uses a data folder, and creates the folder if necessary. The operating
 * system locks a file and releases it when the process ends, however it ends, so a lock is never stale.
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
    if (pid === null) return problemError('data_folder_in_use', { folder: dataDir }, { cause });
    if (link === null) return problemError('data_folder_in_use_by', { folder: dataDir, pid }, { cause });
    return problemError('data_folder_in_use_at', { folder: dataDir, pid, link }, { cause });
  }
  const full = cause.code === 'ENOSPC' || cause.code === 'SQLITE_FULL';
  return problemError(full ? 'data_folder_full' : 'data_folder_unusable', { folder: dataDir, cause: cause.message }, { cause });
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null;
  }
}
