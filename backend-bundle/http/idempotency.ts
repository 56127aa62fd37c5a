import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, type ErrorCode } from '#common/contract/errors.ts';
import { hourMs } from '#common/time/durations.ts';
import type { Engines } from '../engines/port.ts';
import type { Caller } from '../services/service.ts';

/** How long an answer is repeated, ms. */
export const keptFor = 24 * hourMs;
/** A first call that has not answered for this long has died with its process; the next one runs, ms. */
const abandonedAfter = 30_000;
/** How long a second call waits for the first one's answer, ms. */
const waitFor = 5_000;

export interface StoredReply {
  status: number;
  /** The serialised reply; null for 204. */
  body: string | null;
}

/** Makes mutating calls that carry an Idempotency-Key take effect once. */
export interface Idempotency {
  /** @throws AppError idempotency_key_reused, conflict (the first call is still running), and whatever `work` throws */
  once(
    call: { caller: Caller; key: string; request: string },
    work: () => Promise<StoredReply>,
  ): Promise<{ answer: StoredReply; replayed: boolean }>;
  /** Forgets answers older than a day. */
  expire(): Promise<void>;
  /** Forgets first calls that never answered. Only for a process that is alone on its database. */
  forgetUnfinished(): Promise<void>;
}

type Stored =
  | { answer: StoredReply }
  | { error: { code: ErrorCode; message: string; field?: string | undefined; hint?: string | undefined } };

export function makeIdempotency({ database, vault, now }: Pick<Engines<'engines'>, 'database' | 'vault' | 'now'>): Idempotency {
  const table = 'idempotency';

  async function claim(callerId: string, key: string, fingerprint: string): Promise<boolean> {
    const row = { caller_id: callerId, key, fingerprint, status: null, reply: null, created_at: now() };
    const inserted = await database.query
      .insertInto(table)
      .values(row)
      .onConflict((conflict) => conflict.columns(['caller_id', 'key']).doNothing())
      .executeTakeFirst();
    if ((inserted.numInsertedOrUpdatedRows ?? 0n) > 0n) return true;
    const taken = await database.query
      .updateTable(table)
      .set({ created_at: now() })
      .where('caller_id', '=', callerId)
      .where('key', '=', key)
      .where('fingerprint', '=', fingerprint)
      .where('status', 'is', null)
      .where('created_at', '<', now() - abandonedAfter)
      .executeTakeFirst();
    return taken.numUpdatedRows > 0n;
  }

  const find = (callerId: string, key: string) =>
    database.query.selectFrom(table).selectAll().where('caller_id', '=', callerId).where('key', '=', key).executeTakeFirst();

  // Answers can hold secrets (a new API key), so they rest sealed.
  const keep = (callerId: string, key: string, status: number, stored: Stored) =>
    database.query
      .updateTable(table)
      .set({ status, reply: vault.seal(JSON.stringify(stored)) })
      .where('caller_id', '=', callerId)
      .where('key', '=', key)
      .execute();

  const release = (callerId: string, key: string) =>
    database.query.deleteFrom(table).where('caller_id', '=', callerId).where('key', '=', key).where('status', 'is', null).execute();

  async function run(callerId: string, key: string, work: () => Promise<StoredReply>): Promise<StoredReply> {
    try {
      const answer = await work();
      await keep(callerId, key, answer.status, { answer });
      return answer;
    } catch (error) {
      // A refusal is an answer and is repeated; a failure is none: the caller should try again.
      if (error instanceof AppError && error.status < 500 && error.code !== 'rate_limited') {
        const { requestId: _, ...body } = error.toBody('');
        await keep(callerId, key, error.status, { error: body });
      } else {
        await release(callerId, key);
      }
      throw error;
    }
  }

  return {
    async once({ caller, key, request }, work) {
      const fingerprint = createHash('sha256').update(request).digest('hex');
      const deadline = now() + waitFor;
      for (;;) {
        if (await claim(caller.id, key, fingerprint)) return { answer: await run(caller.id, key, work), replayed: false };
        const row = await find(caller.id, key);
        if (row && row.fingerprint !== fingerprint) {
          throw new AppError('idempotency_key_reused', 'This Idempotency-Key was used for a different request.', {
            field: 'idempotency-key',
            hint: 'Use a new key for each new change; repeat a key only with the same request.',
          });
        }
        if (row && row.status !== null && row.reply !== null) {
          const stored = JSON.parse(vault.open(row.reply)) as Stored;
          if ('answer' in stored) return { answer: stored.answer, replayed: true };
          throw new AppError(stored.error.code, stored.error.message, stored.error);
        }
        if (now() > deadline) {
          throw new AppError('conflict', 'The first request with this Idempotency-Key is still running.', {
            field: 'idempotency-key',
            hint: 'Repeat the request with the same key in a few seconds.',
          });
        }
        await sleep(50);
      }
    },
    async expire() {
      await database.query
        .deleteFrom(table)
        .where('created_at', '<', now() - keptFor)
        .execute();
    },
    async forgetUnfinished() {
      await database.query.deleteFrom(table).where('status', 'is', null).execute();
    },
  };
}
