import { statfs } from 'node:fs/promises';
import { AppError } from '#common/contract/errors.ts';

export interface DiskSpace {
  /** A folder or file on the disk. */
  path: string;
  freeBytes: number;
  /** True if there is too little space to write. */
  isFull: boolean;
}

/** With less free space than this the disk counts as full, bytes: SQLite's logs need some room. */
const fullBelowBytes = 4 * 1024 * 1024;

export async function diskSpace(path: string): Promise<DiskSpace> {
  const { bavail, bsize } = await statfs(path);
  return { path, freeBytes: bavail * bsize, isFull: bavail * bsize < fullBelowBytes };
}

/** Throws before a full disk causes an error that blames something else. @throws AppError disk_full naming the disk */
export async function checkDiskSpace(folder: string): Promise<void> {
  const space = await diskSpace(folder);
  if (!space.isFull) return;
  const free = `${(space.freeBytes / 1e6).toFixed(1)} MB`;
  throw new AppError('disk_full', `The disk that holds ${folder} is full, with ${free} free.`, {
    hint: `Free at least ${fullBelowBytes / 1024 / 1024} MB there, or choose another folder with --data. Nothing that was stored is lost.`,
  });
}
