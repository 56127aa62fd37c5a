import { sql } from 'kysely';
import { AppError } from '#common/contract/errors.ts';
import type { Database, Queries } from '../../database/port.ts';
import { defaultTimeoutMs, tookTooLong } from '../limits.ts';
import type { ReadOptions } from '../port.ts';

/**
 * Runs reads with a time limit, and stops them when they are cancelled. On PostgreSQL the statement itself is cancelled. SQLite can't do
 * that: the call ends and no further statement starts, but the running one continues in its thread.
 * @throws AppError timeout; the signal's reason
 */
export async function limited<T>(
  database: Database<'engines'>,
  { signal, timeoutMs = defaultTimeoutMs }: ReadOptions,
  work: (query: Queries<'engines'>) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  try {
    const result = await (database.dialect === 'postgres' ? onPostgres(database, either, work) : onSqlite(database, either, work));
    // It may have finished just before it could be cancelled; it is still too late.
    either.throwIfAborted();
    return result;
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted) throw tookTooLong(timeoutMs);
    throw error;
  }
}

/** Cancels the statement from another session, because the one that runs it is busy. */
async function onPostgres<T>(
  database: Database<'engines'>,
  signal: AbortSignal,
  work: (query: Queries<'engines'>) => Promise<T>,
): Promise<T> {
  let cancelled: Promise<unknown> = Promise.resolve();
  try {
    // A transaction reserves the session until a pending cancel has arrived, so that it can't hit another caller's statement.
    return await database.query.transaction().execute(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      const pid = rows[0]?.pid ?? 0;
      const cancel = () => {
        cancelled = sql`select pg_cancel_backend(${pid})`.execute(database.query).catch(() => undefined);
      };
      signal.throwIfAborted();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await work(tx);
      } finally {
        signal.removeEventListener('abort', cancel);
        await cancelled;
      }
    });
  } finally {
    await cancelled;
  }
}

async function onSqlite<T>(
  database: Database<'engines'>,
  signal: AbortSignal,
  work: (query: Queries<'engines'>) => Promise<T>,
): Promise<T> {
  const ended = Promise.withResolvers<never>();
  const end = () => ended.reject(new AppError('timeout', 'The query was given up.'));
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work(database.query), ended.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
