import type { Problem } from '#common/contract/console/connections.ts';
import type { Role } from '#common/contract/endpoint.ts';
import type { ReadableDb, WritableDb } from '../database/connection.ts';
import { all, run } from '../database/connection.ts';

/** A known backend and what it last reported about itself. */
export interface Profile {
  id: string;
  name: string;
  /** Origin without a trailing slash. */
  url: string;
  /** PEM */
  ca: string | null;
  embedded: boolean;
  username: string | null;
  role: Role | null;
  /** The deployment that answered last. */
  instanceId: string | null;
  backendVersion: string | null;
  /** The event of the stream up to which the cache is current. */
  lastEventId: string | null;
  lastExchangeAt: number | null;
  createdAt: number;
}

function profiles(db: ReadableDb): Profile[] {
  return all<Omit<Profile, 'embedded'> & { embedded: number }>(
    db,
    `SELECT id, name, url, ca, embedded, username, role, instance_id AS instanceId, backend_version AS backendVersion,
            last_event_id AS lastEventId, last_exchange_at AS lastExchangeAt, created_at AS createdAt
     FROM connections ORDER BY embedded DESC, created_at`,
  ).map((row) => ({ ...row, embedded: row.embedded === 1 }));
}

function saveProfile(db: WritableDb, profile: Profile): void {
  run(
    db,
    `INSERT INTO connections (id, name, url, ca, embedded, username, role, instance_id, backend_version, last_event_id, last_exchange_at, created_at)
     VALUES (@id, @name, @url, @ca, @embedded, @username, @role, @instanceId, @backendVersion, @lastEventId, @lastExchangeAt, @createdAt)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url, ca = excluded.ca, embedded = excluded.embedded,
       username = excluded.username, role = excluded.role, backend_version = excluded.backend_version`,
    { ...profile, embedded: profile.embedded ? 1 : 0 },
  );
}

/** Removes a connection with everything cached for it and its pending changes. */
function removeProfile(db: WritableDb, { id }: { id: string }): void {
  run(db, 'DELETE FROM connections WHERE id = @id', { id });
}

function noteExchange(db: WritableDb, { id, at }: { id: string; at: number }): void {
  run(db, 'UPDATE connections SET last_exchange_at = @at WHERE id = @id', { id, at });
}

/**
 * Handles an address that now answers for another deployment: drops the cache, and marks pending changes as conflicts, because they were
 * meant for the other deployment and a person must decide.
 */
function changeInstance(db: WritableDb, { id, instanceId, problem }: { id: string; instanceId: string; problem: Problem }): void {
  run(db, 'UPDATE connections SET instance_id = @instanceId, last_event_id = NULL WHERE id = @id', { id, instanceId });
  for (const table of ['alerts', 'seen', 'series_query', 'delivered']) run(db, `DELETE FROM ${table} WHERE connection_id = @id`, { id });
  run(db, 'UPDATE outbox SET conflict = 1, problem = @problem WHERE connection_id = @id', { id, problem: JSON.stringify(problem) });
}

function firstInstance(db: WritableDb, { id, instanceId }: { id: string; instanceId: string }): void {
  run(db, 'UPDATE connections SET instance_id = @instanceId WHERE id = @id', { id, instanceId });
}

export const connectionOperations = {
  reads: { profiles },
  writes: { saveProfile, removeProfile, noteExchange, changeInstance, firstInstance },
};
