import { uuidv7 } from 'uuidv7';
import type { Problem } from '#common/contract/console/connections.ts';
import { dayMs } from '#common/time/durations.ts';
import { problemError } from '#common/words/problems.ts';
import type { ReadableDb, WritableDb } from '../database/connection.ts';
import { all, get, run } from '../database/connection.ts';
import type { AlertChange } from './change.ts';
import { alertEntity, byBackendClock, entityOf, opposite, titleOf } from './change.ts';

export interface Waiting {
  /** UUIDv7: sorts by time of creation. */
  id: string;
  /** The idempotency key: the same for every attempt, until a person retries a refused change. */
  key: string;
  connectionId: string;
  entity: string;
  title: string;
  change: AlertChange;
  createdAt: number;
  /** How often it may have been sent: counted before each attempt. */
  attempts: number;
  conflict: boolean;
  /** Idempotency key of the request with many changes that it is part of; null if there is none. */
  batch: string | null;
  nextTryAt: number | null;
  problem: Problem | null;
}

type Row = Omit<Waiting, 'change' | 'conflict' | 'problem'> & { change: string; conflict: number; problem: string | null };
const columns = `id, key, connection_id AS connectionId, entity, title, change, created_at AS createdAt, attempts, conflict, batch,
  next_try_at AS nextTryAt, problem`;

function fromRow(row: Row): Waiting {
  return {
    ...row,
    change: JSON.parse(row.change) as AlertChange,
    conflict: row.conflict === 1,
    problem: row.problem === null ? null : (JSON.parse(row.problem) as Problem),
  };
}

/** Oldest first: UUIDv7 sorts by time of creation. */
export function waiting(db: ReadableDb): Waiting[] {
  return all<Row>(db, `SELECT ${columns} FROM outbox ORDER BY id`).map(fromRow);
}

export function findWaiting(db: ReadableDb, id: string): Waiting | undefined {
  const row = get<Row>(db, `SELECT ${columns} FROM outbox WHERE id = @id`, { id });
  return row && fromRow(row);
}

/** Returns the pending changes of some alerts of a connection, oldest first. */
export function waitingFor(db: ReadableDb, { connectionId, alertIds }: { connectionId: string; alertIds: readonly string[] }): Waiting[] {
  const entities = JSON.stringify(alertIds.map(alertEntity));
  return all<Row>(
    db,
    `SELECT ${columns} FROM outbox WHERE connection_id = @connectionId AND entity IN (SELECT value FROM json_each(@entities)) ORDER BY id`,
    { connectionId, entities },
  ).map(fromRow);
}

/** Maximum number of changes considered when choosing what to send: two full requests and the running ones. */
const maxHeads = 1_500;

/**
 * Returns the first change of every entity of a connection, in order of the time at which it may be sent. A conflict blocks the changes
 * after it.
 */
function heads(db: ReadableDb, { connectionId }: { connectionId: string }): Waiting[] {
  return all<Row>(
    db,
    `SELECT ${columns} FROM outbox o WHERE connection_id = @connectionId AND conflict = 0
       AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.connection_id = o.connection_id AND e.entity = o.entity AND e.id < o.id)
     ORDER BY coalesce(next_try_at, 0), id LIMIT ${maxHeads}`,
    { connectionId },
  ).map(fromRow);
}

interface NewChange {
  connectionId: string;
  title: string;
  change: AlertChange;
}

/** @returns the ids, in the given order */
function enqueue(db: WritableDb, { items, now }: { items: NewChange[]; now: number }): string[] {
  return items.map(({ connectionId, title, change }) => {
    const id = uuidv7();
    run(
      db,
      `INSERT INTO outbox (id, key, connection_id, entity, title, change, created_at)
       VALUES (@id, @id, @connectionId, @entity, @title, @change, @now)`,
      { id, connectionId, entity: entityOf(change), title, change: JSON.stringify(change), now },
    );
    return id;
  });
}

/**
 * Counts an attempt before it is made, so that after a crash it is known that it may have arrived. Returns false when the change was
 * undone.
 */
function beginTry(db: WritableDb, { id }: { id: string }): boolean {
  return run(db, 'UPDATE outbox SET attempts = attempts + 1 WHERE id = @id AND conflict = 0', { id }) > 0;
}

/** Like `beginTry`, for changes that are sent in one request. @returns those that are still to be sent */
function beginBatch(db: WritableDb, { ids, batch }: { ids: readonly string[]; batch: string }): string[] {
  return all<{ id: string }>(
    db,
    `UPDATE outbox SET attempts = attempts + 1, batch = @batch
     WHERE conflict = 0 AND id IN (SELECT value FROM json_each(@ids)) RETURNING id`,
    { ids: JSON.stringify(ids), batch },
  ).map(({ id }) => id);
}

/**
 * Removes changes from their common request.
 * @param fresh whether they may be sent together with others again; otherwise each is sent alone
 */
function endBatch(db: WritableDb, { batch, fresh }: { batch: string; fresh: boolean }): void {
  run(db, `UPDATE outbox SET batch = @next WHERE batch = @batch`, { batch, next: fresh ? uuidv7() : null });
}

function tryAgainAt(db: WritableDb, { ids, at, problem }: { ids: readonly string[]; at: number; problem: Problem }): void {
  run(db, 'UPDATE outbox SET next_try_at = @at, problem = @problem WHERE id IN (SELECT value FROM json_each(@ids))', {
    ids: JSON.stringify(ids),
    at,
    problem: JSON.stringify(problem),
  });
}

/**
 * Converts the times of changes queued while offline to the backend's clock, once, because every attempt must be identical. Changes that
 * were already sent stay unchanged.
 */
function settleTimes(db: WritableDb, { connectionId, skewMs }: { connectionId: string; skewMs: number }): void {
  for (const { id, change } of waiting(db).filter((item) => item.connectionId === connectionId && item.attempts === 0)) {
    if (change.backendClock) continue;
    run(db, 'UPDATE outbox SET change = @change WHERE id = @id', { id, change: JSON.stringify(byBackendClock(change, skewMs)) });
  }
}

/** Makes all pending changes due, because the connection is back. */
function endWaits(db: WritableDb, { connectionId }: { connectionId: string }): void {
  run(db, 'UPDATE outbox SET next_try_at = NULL WHERE connection_id = @connectionId', { connectionId });
}

export function takeOut(db: WritableDb, { id, now }: { id: string; now: number }): void {
  run(
    db,
    `INSERT OR IGNORE INTO delivered (id, connection_id, change, delivered_at)
     SELECT id, connection_id, change, @now FROM outbox WHERE id = @id`,
    { id, now },
  );
  run(db, 'DELETE FROM outbox WHERE id = @id', { id });
  run(db, 'DELETE FROM delivered WHERE delivered_at < @before', { before: now - dayMs });
}

export function markConflict(db: WritableDb, { id, problem }: { id: string; problem: Problem }): void {
  run(db, 'UPDATE outbox SET conflict = 1, next_try_at = NULL, problem = @problem WHERE id = @id', {
    id,
    problem: JSON.stringify(problem),
  });
}

/** Retries a change now. A refused change gets a new key, because the backend would repeat its refusal for the old one. */
function release(db: WritableDb, { id }: { id: string }): void {
  const found = run(
    db,
    `UPDATE outbox SET key = CASE conflict WHEN 1 THEN @key ELSE key END, conflict = 0, batch = NULL, next_try_at = NULL, problem = NULL
     WHERE id = @id`,
    { id, key: uuidv7() },
  );
  if (found === 0) throw problemError('change_gone', {});
}

function discard(db: WritableDb, { id }: { id: string }): void {
  run(db, 'DELETE FROM outbox WHERE id = @id', { id });
}

/**
 * Undoes changes: one that was never sent is dropped; for any other the opposite change is queued.
 * @param skews the backend's clock minus this computer's, by connection, ms
 * @returns the connections whose outbox changed
 * @throws AppError `not_found` when none of them is known any more
 */
function undo(db: WritableDb, { ids, now, skews }: { ids: string[]; now: number; skews: Record<string, number> }): string[] {
  const connectionIds = new Set<string>();
  // Newest first, so that several changes to one alert are undone in reverse order.
  for (const id of ids.toSorted().toReversed()) {
    const unsent = get<{ connectionId: string }>(
      db,
      'SELECT connection_id AS connectionId FROM outbox WHERE id = @id AND (attempts = 0 OR conflict = 1)',
      { id },
    );
    if (unsent !== undefined) {
      run(db, 'DELETE FROM outbox WHERE id = @id', { id });
      connectionIds.add(unsent.connectionId);
      continue;
    }
    const sent = get<{ connectionId: string; change: string }>(
      db,
      `SELECT connection_id AS connectionId, change FROM outbox WHERE id = @id
       UNION ALL SELECT connection_id, change FROM delivered WHERE id = @id`,
      { id },
    );
    if (sent === undefined) continue;
    connectionIds.add(sent.connectionId);
    const skewMs = skews[sent.connectionId] ?? 0;
    const change = opposite(byBackendClock(JSON.parse(sent.change) as AlertChange, skewMs), now + skewMs);
    if (change === null) continue;
    const alert = get<{ name: string }>(
      db,
      `SELECT json_extract(body, '$.ruleName') AS name FROM alerts WHERE connection_id = @connectionId AND id = @alertId`,
      { connectionId: sent.connectionId, alertId: change.alertId },
    );
    enqueue(db, { items: [{ connectionId: sent.connectionId, title: titleOf(change, alert?.name ?? 'an alert'), change }], now });
  }
  if (connectionIds.size === 0) throw problemError('nothing_to_undo', {});
  return [...connectionIds];
}

export const outboxOperations = {
  reads: { waiting, heads },
  writes: { enqueue, beginTry, beginBatch, endBatch, tryAgainAt, settleTimes, endWaits, release, discard, undo },
};
