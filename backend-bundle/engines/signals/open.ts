import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Database } from '../database/port.ts';
import { openChunkSignals } from './chunks/open.ts';
import { movePoints } from './move.ts';
import type { SignalStore } from './port.ts';
import { openTableSignals } from './table/index.ts';

export { openTableSignals as openSignalStore } from './table/index.ts';

/**
 * Chooses where points are stored. A data folder belongs to one process, so there points are stored in chunks in a separate file; points
 * that an earlier version kept in the control database are moved first. In a PostgreSQL deployment several processes write, but chunks have
 * one writer, whose memory holds the newest points. There points are stored in a table of the shared database.
 * @throws AppError conflict, unavailable, disk_full
 */
export async function openSignals(
  database: Database<'engines'>,
  data: string | undefined,
  log: Logger,
): Promise<{ signals: SignalStore; close(): Promise<void> }> {
  if (database.dialect === 'postgres' || data === undefined) return { signals: openTableSignals(database), close: async () => {} };
  const chunks = await openChunkSignals(join(data, 'series.db'));
  try {
    await movePoints(database, chunks, log);
    const { damage } = await chunks.health();
    for (const { what, reason } of damage) log.error({ reason }, `the series file is damaged: ${what}`);
    return { signals: chunks, close: () => chunks.close() };
  } catch (error) {
    await chunks.close();
    throw error;
  }
}
