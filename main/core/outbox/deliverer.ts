import type { Alert } from '#common/contract/alerts.ts';
import type { Client } from '#common/contract/client.ts';
import type { Problem } from '#common/contract/console/connections.ts';
import { fullJitter } from '../connections/backoff.ts';
import type { Link } from '../connections/link.ts';
import { problemOf } from '../connections/problem.ts';
import type { Context } from '../context.ts';
import { outcomeOf } from './outcome.ts';
import type { Waiting } from './store.ts';

/** Changes of different entities under way at once, a connection. */
const sideBySide = 4;
const backoff = { baseMs: 1_000, capMs: 60_000 };
const leastWaitMs = 250;

/** Delivers what waits, in order for each entity, once in effect: every try of a change carries the same idempotency key. */
export class Deliverer {
  readonly #context: Context;
  readonly #link: (connectionId: string) => Link | undefined;
  readonly #sending = new Map<string, { connectionId: string; done: Promise<void> }>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #closed = false;

  constructor(context: Context, link: (connectionId: string) => Link | undefined) {
    this.#context = context;
    this.#link = link;
  }

  isSending(id: string): boolean {
    return this.#sending.has(id);
  }

  /** The connection is live again: what waited for its time goes now. */
  async connected(connectionId: string): Promise<void> {
    await this.#context.cache.write.endWaits({ connectionId });
    await this.kick(connectionId);
  }

  /** Sends what can be sent; the rest has a time set or goes when the connection is live. */
  async kick(connectionId: string): Promise<void> {
    const link = this.#link(connectionId);
    if (this.#closed || link === undefined || !link.isLive) return;
    const { cache, now } = this.#context;
    const heads = (await cache.read.heads({ connectionId })).filter(({ id }) => !this.#sending.has(id));
    const at = now();
    const underWay = [...this.#sending.values()].filter((one) => one.connectionId === connectionId).length;
    const due = heads.filter(({ nextTryAt }) => (nextTryAt ?? 0) <= at).slice(0, Math.max(0, sideBySide - underWay));
    for (const item of due) this.#send(link, item);
    const next = heads.reduce(
      (soonest, { nextTryAt }) => (nextTryAt !== null && nextTryAt > at ? Math.min(soonest, nextTryAt) : soonest),
      Infinity,
    );
    clearTimeout(this.#timers.get(connectionId));
    if (Number.isFinite(next)) this.#timers.set(connectionId, setTimeout(() => void this.#kickSafely(connectionId), next - at).unref());
  }

  /** Lets what is under way end. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.allSettled([...this.#sending.values()].map(({ done }) => done));
  }

  #send(link: Link, item: Waiting): void {
    if (this.#sending.has(item.id)) return;
    const done = this.#deliver(link, item)
      .catch((error: unknown) => this.#context.log.error({ err: error, change: item.title }, 'delivery failed here'))
      .finally(() => {
        this.#sending.delete(item.id);
        this.#context.touched('outbox');
        void this.#kickSafely(item.connectionId);
      });
    this.#sending.set(item.id, { connectionId: item.connectionId, done });
  }

  async #kickSafely(connectionId: string): Promise<void> {
    await this.kick(connectionId).catch((error: unknown) => {
      if (!this.#closed) this.#context.log.error({ err: error }, 'the outbox cannot be read');
    });
  }

  async #deliver(link: Link, item: Waiting): Promise<void> {
    const { cache, now, pop, touched } = this.#context;
    const { id, connectionId, change } = item;
    if (change.kind === 'snooze' && change.until <= now()) {
      await cache.write.settleMoot({ id, why: 'over', now: now() });
      touched('alerts', 'notices');
      return;
    }
    const { username } = link.profile;
    if (change.by !== username) {
      const problem: Problem = {
        code: 'forbidden',
        message: `The change was made by ${change.by}; ${username ?? 'nobody'} is signed in now.`,
        hint: `Sign in as ${change.by} and retry, or discard it.`,
      };
      pop(await cache.write.reject({ id, problem, now: now() }));
      touched('alerts', 'notices');
      return;
    }
    if (!(await cache.write.beginTry({ id }))) return;
    touched('outbox');
    let alert: Alert;
    try {
      alert = await call(link.client, item);
    } catch (error) {
      await this.#failed(link, item, error);
      return;
    }
    pop(await cache.write.confirm({ id, connectionId, alert, now: now() }));
    touched('alerts', 'notices');
  }

  async #failed(link: Link, { id, attempts, title }: Waiting, error: unknown): Promise<void> {
    const { cache, log, now, pop, touched } = this.#context;
    const problem = problemOf(error, link.profile.url);
    const outcome = outcomeOf(error);
    log.info({ change: title, attempts: attempts + 1, outcome: outcome.kind, problem: problem.message }, 'change not delivered');
    if (outcome.kind === 'again') {
      await cache.write.tryAgainAt({ id, at: now() + Math.max(leastWaitMs, outcome.afterMs, fullJitter(attempts, backoff)), problem });
    } else if (outcome.kind === 'moot') {
      await cache.write.settleMoot({ id, why: 'resolved', now: now() });
      touched('alerts', 'notices');
    } else {
      pop(await cache.write.reject({ id, problem, now: now() }));
      touched('alerts', 'notices');
    }
  }
}

function call(client: Client, { key, change }: Waiting): Promise<Alert> {
  const params = { id: change.alertId };
  const options = { idempotencyKey: key };
  const { at } = change;
  switch (change.kind) {
    case 'acknowledge':
      return client.alerts.acknowledge({ params, body: { note: change.note, expiresAt: change.expiresAt, at } }, options);
    case 'unacknowledge':
      return client.alerts.unacknowledge({ params }, options);
    case 'snooze':
      return client.alerts.snooze({ params, body: { until: change.until, reason: change.reason, at } }, options);
    case 'unsnooze':
      return client.alerts.unsnooze({ params }, options);
  }
}
