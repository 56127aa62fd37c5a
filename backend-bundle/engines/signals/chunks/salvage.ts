import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Points } from '#common/timeseries/points.ts';
import { type Found, findRows, revisionsOf } from './found.ts';
import { lossesOf } from './losses.ts';
import { without } from './pending.ts';
import { chunkMs, hourOf, seriesOf } from './schema.ts';
import { decodeHour } from './sealed.ts';
import { SqlitePages } from './sqlite-pages.ts';
import { ChunkStore } from './store.ts';

/** Hours written in one transaction. */
const batch = 500;

/** Returns whether a file exists but is empty, as after a disk repair. SQLite would delete the write-ahead log next to it. */
export function isEmptied(file: string): boolean {
  return existsSync(file) && statSync(file).size === 0;
}

/** Names of the salvaged file: while it is written, and when it is complete. */
const names = (file: string) => ({ saving: `${file}.saving`, saved: `${file}.saved` });

/** Completes or undoes a salvage that a crash interrupted. */
export function finishSalvage(file: string): void {
  const { saving, saved } = names(file);
  for (const end of ['', '-wal', '-shm']) rmSync(saving + end, { force: true });
  if (!existsSync(saved)) return;
  if (existsSync(file)) rmSync(saved);
  else putInPlace(file, asideName(file, new Date()));
}

/**
 * Saves every intact row of a damaged series file to a new file, and renames the damaged one with the time. Known losses are stored in the
 * new file.
 * @returns the name of the file that was set aside
 */
export function salvage(file: string, reason: string, now: () => number = Date.now, isWalDamaged = false): string {
  const { saving, saved } = names(file);
  const aside = asideName(file, new Date(now()));
  const pages = new SqlitePages(file);
  try {
    const found = findRows(pages);
    const store = new ChunkStore(saving, now);
    try {
      store.restoring.begin(found);
      const hours = restoreHours(store, pages, found);
      store.restoring.finish(found, [
        { series: -1, from: 0, to: 0, what: basename(aside), reason },
        ...lossesOf(found, hours, now(), isWalDamaged),
      ]);
    } finally {
      store.close();
    }
  } finally {
    pages.close();
  }
  sync(saving);
  renameSync(saving, saved);
  putInPlace(file, aside);
  return aside;
}

/** @returns the number of saved points, by row of the hour */
function restoreHours(store: ChunkStore, pages: SqlitePages, found: Found): Map<number, number> {
  const saved = new Map<number, number>();
  let waiting: { series: number; hour: number; points: Points; seq: number }[] = [];
  const flush = () => {
    store.restoring.hours(waiting);
    waiting = [];
  };
  for (const { id, data, seq } of revisionsOf(pages, found)) {
    const [series, hour] = [seriesOf(id), hourOf(id)];
    if (saved.has(id) || !found.series.has(series)) continue;
    let points: Points;
    try {
      points = decodeHour(data);
    } catch {
      continue;
    }
    for (const deleted of found.removed.get(series) ?? []) {
      const touches = deleted.seq >= seq && deleted.start < hour + chunkMs && deleted.stop > hour;
      if (touches) points = without(points, deleted.start, deleted.stop);
    }
    saved.set(id, points.t.length);
    if (points.t.length === 0) continue;
    waiting.push({ series, hour, points, seq });
    if (waiting.length === batch) flush();
  }
  flush();
  return saved;
}

function asideName(file: string, at: Date): string {
  const base = join(
    dirname(file),
    `${basename(file, '.db')}.damaged-${at
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
      .replaceAll(':', '-')}`,
  );
  for (let i = 1; ; i++) {
    const name = i === 1 ? `${base}.db` : `${base}-${i}.db`;
    if (!existsSync(name) && !existsSync(`${name}-wal`)) return name;
  }
}

/** A crash can follow any step: `finishSalvage` continues from there. */
function putInPlace(file: string, aside: string): void {
  if (existsSync(file)) renameSync(file, aside);
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${aside}-wal`);
  rmSync(`${file}-shm`, { force: true });
  renameSync(names(file).saved, file);
  sync(dirname(file));
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
