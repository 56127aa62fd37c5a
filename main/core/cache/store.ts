import type { ReadableDb, WritableDb } from '../database/connection.ts';
import { get, run } from '../database/connection.ts';

/** Returns the cached copy of a value from the backend, as JSON, and its time. Keys name the value: `loaders`, `loader-runs/belt-speed`. */
export function findCached(
  db: ReadableDb,
  { connectionId, key }: { connectionId: string; key: string },
): { body: string; asOf: number } | null {
  return (
    get<{ body: string; asOf: number }>(db, 'SELECT body, as_of AS asOf FROM seen WHERE connection_id = @connectionId AND key = @key', {
      connectionId,
      key,
    }) ?? null
  );
}

interface CachedRow {
  connectionId: string;
  key: string;
  body: string;
  asOf: number;
}

/** Stores copies; those of a connection that was removed in the meantime are dropped. */
function storeCached(db: WritableDb, items: readonly CachedRow[]): void {
  for (const { connectionId, key, body, asOf } of items) {
    run(
      db,
      `INSERT INTO seen (connection_id, key, body, as_of) SELECT id, @key, @body, @asOf FROM connections WHERE id = @connectionId
       ON CONFLICT (connection_id, key) DO UPDATE SET body = excluded.body, as_of = excluded.as_of`,
      { connectionId, key, body, asOf },
    );
  }
}

export const cacheOperations = { reads: { findCached }, writes: { storeCached } };
