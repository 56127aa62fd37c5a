import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError, errorBody } from '#common/contract/errors.ts';
import { hourMs } from '#common/time/durations.ts';
import type { AnyTx } from '../engines/database/port.ts';
import { parseStored } from '../engines/database/stored-json.ts';
import type { Engines } from '../engines/port.ts';
import type { Caller } from '../services/service.ts';
import {
  type Claim,
  deleteAllUnanswered,
  deleteOlderThan,
  deleteUnanswered,
  findRecord,
  insertClaim,
  recordIn,
  replaceAnswer,
  storeFirst,
  takeOverClaim,
} from './idempotency.store.ts';

/** How long a stored reply is repeated, ms. */
export const retentionMs = 24 * hourMs;
/** A first call that has not answered within this time, ms, is taken over by the next one and can no longer commit. */
const abandonedAfterMs = 30_000;
/** How long a repeat waits for the reply to the first call, ms. */
const waitMs = 5_000;

const storedReply = z.object({
  status: z.number(),
  /** The serialised reply; null for 204. */
  body: z.string().nullable(),
});
export type StoredReply = z.infer<typeof storedReply>;

/**
 * Stores the reply in the transaction of its effect, so that both are stored or neither.
 * @throws AppError conflict when the call was taken over by a repeat: the transaction must not commit
 */
export type RecordAnswer = (tx: AnyTx, answer: StoredReply) => Promise<void>;

/** The answer to a call: its reply, or its refusal. */
const stored = z.union([z.object({ answer: storedReply }), z.object({ error: errorBody.omit({ requestId: true }) })]);

/** Makes mutating calls that carry an Idempotency-Key take effect once. */
export class Idempotency {
  readonly #engines: Pick<Engines<'engines'>, 'database' | 'vault' | 'now'>;

  constructor(engines: Pick<Engines<'engines'>, 'database' | 'vault' | 'now'>) {
    this.#engines = engines;
  }

  /**
   * @param work receives the function that stores its reply in its transaction; a reply that was not stored there is stored afterwards
   * @throws AppError idempotency_key_reused, conflict (the first call is still running), and whatever `work` throws
   */
  async once(
    { caller, key, request }: { caller: Caller; key: string; request: string },
    work: (record: RecordAnswer) => Promise<StoredReply>,
  ): Promise<{ answer: StoredReply; replayed: boolean }> {
    const { now } = this.#engines;
    const fingerprint = createHash('sha256').update(request).digest('hex');
    const deadline = now() + waitMs;
    for (;;) {
      const claimed = await this.#claim(caller.id, key, fingerprint);
      if (claimed !== null) return { answer: await this.#run(claimed, work), replayed: false };
      const answer = await this.#findAnswer(caller.id, key, fingerprint);
      if (answer !== null) return { answer, replayed: true };
      if (now() > deadline) throw stillRunning();
      await sleep(50);
    }
  }

  /** Deletes replies older than a day. */
  expire(): Promise<void> {
    const { database, now } = this.#engines;
    return deleteOlderThan(database.query, now() - retentionMs);
  }

  /** Deletes first calls that neither took effect nor answered. Only for a process that is the only one on its database. */
  forgetUnfinished(): Promise<void> {
    return deleteAllUnanswered(this.#engines.database.query);
  }

  async #claim(callerId: string, key: string, fingerprint: string): Promise<Claim | null> {
    const { database, now } = this.#engines;
    const claimed = { callerId, key, at: now() };
    if (await insertClaim(database.query, claimed, fingerprint)) return claimed;
    return (await takeOverClaim(database.query, claimed, fingerprint, claimed.at - abandonedAfterMs)) ? claimed : null;
  }

  async #run(claimed: Claim, work: (record: RecordAnswer) => Promise<StoredReply>): Promise<StoredReply> {
    const { database } = this.#engines;
    const { query, dialect } = database;
    let committed: StoredReply | null = null;
    const record: RecordAnswer = async (tx, answer) => {
      if (!(await recordIn(tx, dialect, claimed, this.#sealed(answer.status, { answer })))) throw stillRunning();
      database.afterCommit(tx, () => {
        committed = answer;
      });
    };
    try {
      const answer = await work(record);
      if (!isSame(committed, answer)) await replaceAnswer(query, claimed, this.#sealed(answer.status, { answer }));
      return answer;
    } catch (error) {
      // A client error is a reply and is repeated. A server error is not: the caller should retry. Neither replaces the reply of an effect.
      if (error instanceof AppError && error.status < 500 && error.code !== 'rate_limited') {
        const { requestId: _, ...body } = error.toBody('');
        await storeFirst(query, claimed, this.#sealed(error.status, { error: body }));
      } else {
        await deleteUnanswered(query, claimed);
      }
      throw error;
    }
  }

  /**
   * Returns the stored reply of the first call; null while there is none.
   * @throws AppError idempotency_key_reused, or the stored refusal
   */
  async #findAnswer(callerId: string, key: string, fingerprint: string): Promise<StoredReply | null> {
    const { database, vault } = this.#engines;
    const row = await findRecord(database.query, callerId, key);
    if (row && row.fingerprint !== fingerprint) {
      throw new AppError('idempotency_key_reused', 'This Idempotency-Key was used for a different request.', {
        field: 'idempotency-key',
        hint: 'Use a new key for each new change; repeat a key only with the same request.',
      });
    }
    if (!row || row.status === null || row.reply === null) return null;
    const place = { table: 'idempotency', row: { caller_id: callerId, key }, column: 'reply' } as const;
    const known = parseStored(stored, vault.open(row.reply), place);
    if ('answer' in known) return known.answer;
    throw new AppError(known.error.code, known.error.message, known.error);
  }

  /** Replies can contain secrets (a new API key), so they are encrypted. */
  #sealed(status: number, answered: z.infer<typeof stored>): { status: number; reply: string } {
    return { status, reply: this.#engines.vault.seal(JSON.stringify(answered)) };
  }
}

function isSame(a: StoredReply | null, b: StoredReply): boolean {
  return a !== null && a.status === b.status && a.body === b.body;
}

const stillRunning = () =>
  new AppError('conflict', 'The first request with this Idempotency-Key is still running.', {
    field: 'idempotency-key',
    hint: 'Repeat the request with the same key in a few seconds.',
  });
