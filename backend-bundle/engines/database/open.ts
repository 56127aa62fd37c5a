import type { Logger } from 'pino';
import type { Database } from './port.ts';
import { PostgresDatabase, type PostgresLocation } from './postgres/index.ts';
import { SqliteDatabase } from './sqlite/index.ts';

/** Location of the database: a file of this process, or a PostgreSQL server. */
export type DatabaseLocation = { file: string } | PostgresLocation;

/**
 * Opens the database and brings its schema up to date.
 * @throws AppError unavailable when it cannot be reached, is damaged, belongs to another program, or was written by a newer
 *   version; it is left as it was
 */
export function openDatabase(location: DatabaseLocation, log: Logger): Promise<Database> {
  return 'file' in location ? SqliteDatabase.open(location.file, log) : PostgresDatabase.open(location, log);
}
