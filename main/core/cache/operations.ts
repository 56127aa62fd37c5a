import { alertReads, alertWrites } from '../alerts/store.ts';
import { connectionReads, connectionWrites } from '../connections/store.ts';
import { draftReads, draftWrites } from '../dashboards/store.ts';
import { noticeReads, noticeWrites } from '../notices/store.ts';
import { seenReads, seenWrites } from '../operations/store.ts';
import { outboxReads, outboxWrites } from '../outbox/store.ts';
import { seriesReads, seriesTransfers, seriesWrites } from '../series/store.ts';
import { settingsReads, settingsWrites } from '../settings/store.ts';
import type { ReadableDb } from './db.ts';
import { get } from './db.ts';

/** Size of the database, bytes. */
function size(db: ReadableDb): number {
  return get<{ bytes: number }>(db, 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')?.bytes ?? 0;
}

/**
 * Everything the threads can be asked to do, by name. Each feature keeps its SQL beside its rules; a reader thread knows the reads
 * only, and what writes asks for a `WritableDb`, so that neither can be taken for the other.
 */
export const reads = {
  ...alertReads,
  ...connectionReads,
  ...draftReads,
  ...noticeReads,
  ...outboxReads,
  ...seenReads,
  ...seriesReads,
  ...settingsReads,
  size,
};
export const writes = {
  ...alertWrites,
  ...connectionWrites,
  ...draftWrites,
  ...noticeWrites,
  ...outboxWrites,
  ...seenWrites,
  ...seriesWrites,
  ...settingsWrites,
};
/** Of some answers: what leaves the thread with them instead of being copied. */
export const transfers = { ...seriesTransfers };
