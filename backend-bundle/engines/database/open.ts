import type { Logger } from 'pino';
import type { Database } from './port.ts';
import { PostgresDatabase } from './postgres/index.ts';
import { SqliteDatabase } from './sqlite/index.ts';

/** Where the database is: a file of this process, or a PostgreSQL server (`postgres://user:password@host:port/name`). */
export type DatabaseLocation = { file: string } | { url: string };

/**
 * Opens the database and brings its schema up to date.
 * @throws AppError unavailable when it cannot be reached, is damaged, belongs to another program, or was written by a newer
 *   version; it is left as it was
 */
export function openDatabase(location: DatabaseLocation, log: Logger): Promise<Database> {
  return 'file' in location ? SqliteDatabase.open(location.file, log) : PostgresDatabase.open(location.url, log);
}
