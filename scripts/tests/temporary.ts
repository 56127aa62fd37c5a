import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Free space that a file system in memory must have, bytes; with less, the tests use the disk. */
const minFreeBytes = 4 * 1024 ** 3;

/** Magic number of tmpfs in what `statfs` reports (Linux, `linux/magic.h`). */
const tmpfs = 0x0102_1994;

/**
 * Folder for the temporary files of the tests. Linux keeps `/dev/shm` in memory: databases that live for seconds are made, flushed
 * and removed there without waiting for a disk. Everywhere else, and where TMPDIR is set, it is the system's own.
 */
export function temporaryFolder(): string {
  if (process.env['TMPDIR'] !== undefined || process.platform !== 'linux') return tmpdir();
  const inMemory = '/dev/shm';
  try {
    accessSync(inMemory, constants.W_OK);
    const { type, bavail, bsize } = statfsSync(inMemory);
    return type === tmpfs && bavail * bsize >= minFreeBytes ? inMemory : tmpdir();
  } catch {
    return tmpdir();
  }
}
