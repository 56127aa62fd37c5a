import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { pageSize } from './sqlite-pages.ts';
import { isDiskFull } from './verify.ts';

const headerBytes = 32;
const frameHeaderBytes = 24;
const frameBytes = frameHeaderBytes + pageSize;
const magic = 0x377f0682;
/** Files up to this size are salvaged within seconds, bytes. */
const quickToSave = 512 * 1024 * 1024;

/**
 * Returns whether SQLite's write-ahead log contains bytes that were not written there. SQLite treats the first invalid frame as the end of
 * the log, which an interrupted write would leave, and silently drops the rest. A killed process leaves no partial frame, only a power
 * failure does. For small files a partial frame counts as damage, because a false report is better than a missed one. A large file takes
 * minutes to salvage, so there a partial frame is taken for an interrupted write.
 *
 * `journal_size_limit = 0` makes SQLite truncate the frames of earlier logs at the first commit of a new one. So there are none after a
 * commit, and a frame that looks like one is a frame of this log whose header changed.
 */
export function isWalDamaged(file: string): boolean {
  if (!existsSync(`${file}-wal`)) return false;
  const wal = openSync(`${file}-wal`, 'r');
  try {
    const frames = Math.floor((fstatSync(wal).size - headerBytes) / frameBytes);
    if (frames <= 0) return false;
    const header = Buffer.alloc(headerBytes);
    readSync(wal, header, 0, headerBytes, 0);
    const isBigEndian = header.readUInt32BE(0) === magic + 1;
    let sums = checksum(header.subarray(0, 24), [0, 0], isBigEndian);
    if ((header.readUInt32BE(0) & ~1) >>> 0 !== magic || !fits(header, 24, sums)) return true;
    const frame = Buffer.alloc(frameBytes);
    let isOver = false;
    let hasCommit = false;
    const isLeftOver = () => !hasCommit && isOfEarlierLog(frame, header);
    for (let i = 0; i < frames; i++) {
      readSync(wal, frame, 0, frameBytes, headerBytes + i * frameBytes);
      const isOfThisLog = frame.compare(header, 16, 24, 8, 16) === 0;
      if (isOver) {
        // Only frames of earlier logs may follow its end.
        if (isOfThisLog || !isLeftOver()) return true;
        continue;
      }
      const next = isOfThisLog
        ? checksum(frame.subarray(frameHeaderBytes), checksum(frame.subarray(0, 8), sums, isBigEndian), isBigEndian)
        : null;
      if (next && fits(frame, 16, next)) {
        sums = next;
        // The last frame of a commit holds the size of the database, the others 0.
        hasCommit ||= frame.readUInt32BE(4) > 0;
      } else {
        isOver = true;
        const mayBeCutOff = isOfThisLog && statSync(file).size > quickToSave;
        if (!mayBeCutOff && !isLeftOver()) return true;
      }
    }
    return false;
  } finally {
    closeSync(wal);
  }
}

/**
 * Checkpoints the log into the database. Otherwise the frames of a write that a kill interrupted would remain after the next, shorter write
 * and look like damage. On a full disk the log stays as it is.
 */
export function emptyWriteAheadLog(db: Database.Database): void {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}

/** The first salt increases by one with every log; the second is random. */
function isOfEarlierLog(frame: Buffer, header: Buffer): boolean {
  const behind = (header.readUInt32BE(16) - frame.readUInt32BE(8)) >>> 0;
  const isOther = frame.compare(header, 20, 24, 12, 16) !== 0;
  return isOther && behind > 0 && behind < 16;
}

const fits = (bytes: Buffer, at: number, [a, b]: readonly [number, number]) =>
  bytes.readUInt32BE(at) === a && bytes.readUInt32BE(at + 4) === b;

/** Computes SQLite's checksum of pairs of 32-bit words, continuing from an earlier one. */
function checksum(bytes: Buffer, [first, second]: readonly [number, number], isBigEndian: boolean): [number, number] {
  let [a, b] = [first, second];
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + b) >>> 0;
    b = (b + (isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + a) >>> 0;
  }
  return [a, b];
}
