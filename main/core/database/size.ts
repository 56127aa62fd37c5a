import { get, type ReadableDb } from './connection.ts';

/** The size of the database, bytes. */
export function size(db: ReadableDb): number {
  return get<{ bytes: number }>(db, 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')?.bytes ?? 0;
}
