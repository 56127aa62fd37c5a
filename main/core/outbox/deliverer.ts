import { uuidv7 } from 'uuidv7';
import type { Alert } from '#common/contract/alerts.ts';
import type { Client } from '#common/contract/client.ts';
import { AppError } from '#common/contract/errors.ts';
import { problem } from '#common/words/problems.ts';
import { fullJitter } from '../connections/backoff.ts';
import type { BackendConnection } from '../connections/connection.ts';
import { problemOf } from '../connections/problem.ts';
import type { Context } from '../context.ts';
import { outcomeOf } from './outcome.ts';
import { type OutboxRequest, toRequests } from './requests.ts';
import type { Waiting } from './store.ts';
import { toWire } from './wire.ts';

/** Maximum number of parallel requests per connection. */
const maxRequests = 4;
const backoff = { baseMs: 1_000, capMs: 60_000 };
const minWaitMs = 250;
/** Maximum wait, ms, even if a backend asks for a longer one. */
const maxWaitMs = 10 * 60_000;

/**
 * Delivers pending changes, in order for each entity and, in effect, exactly once: every attempt of a change has the same idempotency key.
 */
export class Deliverer {
  readonly #context: Context;
  readonly #connection: (connectionId: string) => BackendConnection | undefined;
  readonly #sending = new Set<string>();
  readonly #requests = new Map<Promise<void>, { connectionId: string; many: boolean }>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Connections whose backend is too old to take many changes in one request. */
  readonly #oneByOne = new Set<string>();
  /** Connections whose pending changes all have their times by the backend's clock. */
  readonly #onBackendClock = new Set<string>();
  #closed = false;

  constructor(context: Context, connection: (connectionId: string) => BackendConnection | undefined) {
    this.#context = context;
    this.#connection = connection;
  }

  isSending(id: string): boolean {
    return this.#sending.has(id);
  }

  /** Called when the connection is live again: changes that waited for a retry are sent now. */
  async connected(connectionId: string): Promise<void> {
    this.#oneByOne.delete(connectionId);
    const skewMs = this.#connection(connectionId)?.clockSkewMs ?? null;
    if (skewMs !== null) await this.#context.database.write.settleTimes({ connectionId, skewMs });
    this.#onBackendClock.add(connectionId);
    await this.#context.database.write.endWaits({ connectionId });
    await this.kick(connectionId);
  }

  /** Sends what can be sent now. The rest has a retry time, or is sent when the connection is live. */
  async kick(connectionId: string): Promise<void> {
    const connection = this.#connection(connectionId);
    if (this.#closed || connection === undefined || !connection.isLive || !this.#onBackendClock.has(connectionId)) return;
    const { database, now } = this.#context;
    const heads = (await database.read.heads({ connectionId })).filter(({ id }) => !this.#sending.has(id));
    // It may have been closed in the meantime: then nothing may start that would outlive the cache.
    if (this.#closed) return;
    const at = now();
    const underWay = [...this.#requests.values()].filter((one) => one.connectionId === connectionId);
    // No wait is that long: if the time is further ahead, the clock was set back.
    const isDue = ({ nextTryAt }: Waiting): boolean => nextTryAt === null || nextTryAt <= at || nextTryAt > at + maxWaitMs;
    const due = heads.filter(isDue);
    let free = maxRequests - underWay.length;
    // Only one request with many changes at a time: the next one takes all changes made in the meantime.
    let manyUnderWay = underWay.some(({ many }) => many);
    for (const request of toRequests(due, !this.#oneByOne.has(connectionId), uuidv7)) {
      if (free <= 0) break;
      if (request.many && manyUnderWay) continue;
      manyUnderWay ||= request.many;
      free -= 1;
      this.#send(connection, request);
    }
    const next = heads.reduce(
      (soonest, head) => (head.nextTryAt !== null && !isDue(head) ? Math.min(soonest, head.nextTryAt) : soonest),
      Infinity,
    );
    clearTimeout(this.#timers.get(connectionId));
    if (Number.isFinite(next)) this.#kickLater(connectionId, next - at);
  }

  #kickLater(connectionId: string, waitMs: number): void {
    clearTimeout(this.#timers.get(connectionId));
    this.#timers.set(connectionId, setTimeout(() => void this.#kickSafely(connectionId), waitMs).unref());
  }

  /** Waits for running requests to end. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.allSettled(this.#requests.keys());
  }

  #send(connection: BackendConnection, request: OutboxRequest): void {
    const { items, many } = request;
    for (const { id } of items) this.#sending.add(id);
    const done: Promise<void> = this.#deliver(connection, request)
      .then(
        () => 0,
        (error: unknown) => {
          this.#context.log.error({ err: error, change: items[0]?.title }, 'delivery failed here');
          // There is no retry time, and retrying at once would only fail again.
          return backoff.baseMs;
        },
      )
      .then((waitMs) => {
        this.#requests.delete(done);
        for (const { id } of items) this.#sending.delete(id);
        this.#context.touched('outbox');
        if (waitMs === 0) void this.#kickSafely(connection.id);
        else if (!this.#closed) this.#kickLater(connection.id, waitMs);
      });
    this.#requests.set(done, { connectionId: connection.id, many });
  }

  async #kickSafely(connectionId: string): Promise<void> {
    await this.kick(connectionId).catch((error: unknown) => {
      if (!this.#closed) this.#context.log.error({ err: error }, 'the outbox cannot be read');
    });
  }

  async #deliver(connection: BackendConnection, { key, items, many }: OutboxRequest): Promise<void> {
    const { database, touched } = this.#context;
    const sendable: Waiting[] = [];
    for (const item of items) if (!(await this.#settledHere(connection, item))) sendable.push(item);
    const ids = sendable.map(({ id }) => id);
    const begun = new Set(many ? await database.write.beginBatch({ ids, batch: key }) : await this.#beginTry(ids));
    const sent = sendable.filter(({ id }) => begun.has(id));
    if (sent.length === 0) return;
    touched('outbox');
    let results: Result[];
    try {
      results = many ? await sendMany(connection.client, key, sent) : await sendOne(connection.client, sent);
    } catch (error) {
      await this.#requestFailed(connection, sent, many ? key : null, error);
      return;
    }
    await this.#confirm(connection, results);
    for (const result of results) if ('error' in result) await this.#failed(connection, [result.item], result.error);
  }

  async #beginTry(ids: readonly string[]): Promise<string[]> {
    const begun: string[] = [];
    for (const id of ids) if (await this.#context.database.write.beginTry({ id })) begun.push(id);
    return begun;
  }

  async #confirm(connection: BackendConnection, results: readonly Result[]): Promise<void> {
    const { database, now, pop, touched, touchedAlerts } = this.#context;
    const changes = results.flatMap((result) => ('alert' in result ? [{ id: result.item.id, alert: result.alert }] : []));
    if (changes.length === 0) return;
    pop(await database.write.confirm({ connectionId: connection.id, changes, now: now(), skewMs: connection.clockSkewMs ?? 0 }));
    touchedAlerts(
      connection.id,
      changes.map(({ alert }) => alert.id),
    );
    touched('notices');
  }

  /** Settles a change that need not or must not be sent. @returns whether it was settled */
  async #settledHere(connection: BackendConnection, { id, connectionId, change }: Waiting): Promise<boolean> {
    const { database, now, pop, touched, touchedAlerts } = this.#context;
    const { username } = connection.profile;
    if (change.kind === 'snooze' && change.until <= connection.serverNow()) {
      await database.write.settleMoot({ id, why: 'over', now: now() });
    } else if (change.by !== username) {
      const author = change.by;
      const refusal = username === null ? problem('nobody_signed_in', { author }) : problem('other_person', { author, username });
      pop(await database.write.reject({ id, problem: refusal, now: now() }));
    } else return false;
    touchedAlerts(connectionId, [change.alertId]);
    touched('notices');
    return true;
  }

  /** Handles a request without an answer, or one that was refused as a whole. */
  async #requestFailed(connection: BackendConnection, items: readonly Waiting[], batch: string | null, error: unknown): Promise<void> {
    const refused = outcomeOf(error).kind === 'refused' && error instanceof AppError;
    // An older backend lacks this endpoint; a different set of changes needs its own key. Neither is an error of the changes themselves.
    if (batch !== null && refused && (error.code === 'not_found' || error.code === 'idempotency_key_reused')) {
      if (error.code === 'not_found') this.#oneByOne.add(connection.id);
      await this.#context.database.write.endBatch({ batch, fresh: error.code === 'idempotency_key_reused' });
      return;
    }
    await this.#failed(connection, items, error);
  }

  async #failed(connection: BackendConnection, items: readonly Waiting[], error: unknown): Promise<void> {
    const { database, log, now, pop, touched, touchedAlerts } = this.#context;
    const [first] = items;
    if (first === undefined) return;
    const problem = problemOf(error, connection.profile.url);
    const outcome = outcomeOf(error);
    const { attempts, title } = first;
    log.info(
      { change: title, changes: items.length, attempts: attempts + 1, outcome: outcome.kind, problem: problem.message },
      'change not delivered',
    );
    if (outcome.kind === 'again') {
      const at = now() + Math.min(maxWaitMs, Math.max(minWaitMs, outcome.afterMs, fullJitter(attempts, backoff)));
      await database.write.tryAgainAt({ ids: items.map(({ id }) => id), at, problem });
      return;
    }
    for (const { id } of items) {
      if (outcome.kind === 'moot') await database.write.settleMoot({ id, why: 'resolved', now: now() });
      else pop(await database.write.reject({ id, problem, now: now() }));
    }
    touchedAlerts(
      connection.id,
      items.map(({ change }) => change.alertId),
    );
    touched('notices');
  }
}

type Result = { item: Waiting } & ({ alert: Alert } | { error: AppError });

async function sendMany(client: Client, key: string, items: readonly Waiting[]): Promise<Result[]> {
  const changes = items.map(({ change }) => toWire(change).item);
  const { results } = await client.alerts.changeMany({ body: { changes } }, { idempotencyKey: key });
  return items.flatMap((item, place): Result[] => {
    const result = results[place];
    if (result === undefined) return [];
    if ('alert' in result) return [{ item, alert: result.alert }];
    const { code, message, ...more } = result.error;
    return [{ item, error: new AppError(code, message, more) }];
  });
}

async function sendOne(client: Client, [item]: readonly Waiting[]): Promise<Result[]> {
  if (item === undefined) return [];
  return [{ item, alert: await toWire(item.change).send(client, { idempotencyKey: item.key }) }];
}
