import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Database } from '../database/port.ts';
import { openChunkSignals } from './chunks/open.ts';
import { movePoints } from './move.ts';
import type { SignalStore } from './port.ts';
import { openTableSignals } from './table/index.ts';

export { openTableSignals as openSignalStore } from './table/index.ts';

/**
 * Chooses where points live. A data folder belongs to one process, so there they go into chunks, in a file of their own; what an
 * earlier version kept in the control database is moved over first. Several processes write to a PostgreSQL deployment, and
 * chunks have one writer, whose memory holds the newest points: there the table, which the server shares, is right.
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
