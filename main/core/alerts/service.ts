import { z } from 'zod';
import type { AlertEvent } from '#common/contract/alerts.ts';
import { alertEvent } from '#common/contract/alerts.ts';
import type { AlertDetail, FeedAlert, Queued } from '#common/contract/console/alerts.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { AppError } from '#common/contract/errors.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import { problemError } from '#common/words/problems.ts';
import type { CachedValues } from '../cache/values.ts';
import { Coalesced } from '../coalesce.ts';
import { needRole } from '../connections/call.ts';
import type { BackendConnection } from '../connections/connection.ts';
import type { Context } from '../context.ts';
import { nameOf } from '../notices/words.ts';
import type { AlertChange } from '../outbox/change.ts';
import { byBackendClock, titleOf } from '../outbox/change.ts';
import { outcomeOf } from '../outbox/outcome.ts';
import { ruleHandlers, rulesKey, versionsKey } from './rule-handlers.ts';
import { keepResolvedMs } from './store.ts';

/** Rules are read again for changed statuses at most this often, ms. */
const statusesEveryMs = 3_000;
const eventsKey = (id: string): string => `alert/${id}`;

type Common = Pick<AlertChange, 'alertId' | 'alertName' | 'at' | 'by' | 'before'>;

export interface AlertsOptions {
  context: Context;
  cache: CachedValues;
  connectionOf: (id: string) => BackendConnection;
  /** All firing and recently resolved alerts. */
  list: () => Promise<FeedAlert[]>;
  /** Each backend's clock minus this computer's, by connection, ms, if known. */
  skews: () => Record<string, number>;
  /** Called when changes were queued for this connection. */
  queued: (connectionId: string) => void;
}

/** Alerts as a person works with them: read from the cache, changed through the outbox. */
export class AlertsService {
  readonly handlers: ConsoleHandlers['alerts'];
  readonly #options: AlertsOptions;
  readonly #statusNews = new Map<string, Coalesced>();

  constructor(options: AlertsOptions) {
    this.#options = options;
    const { context, cache, connectionOf } = options;
    this.handlers = {
      list: () => options.list(),
      get: ({ connectionId, id }) => this.#get(connectionOf(connectionId), id),
      acknowledge: ({ connectionId, ids, note, expiresAt }) =>
        this.#queue(connectionId, ids, (common) => ({ ...common, kind: 'acknowledge', note, expiresAt })),
      unacknowledge: ({ connectionId, ids }) => this.#queue(connectionId, ids, (common) => ({ ...common, kind: 'unacknowledge' })),
      snooze: ({ connectionId, ids, until, reason }) => {
        mustBeAhead(until, context.now());
        return this.#queue(connectionId, ids, (common) => ({ ...common, kind: 'snooze', until, reason }));
      },
      unsnooze: ({ connectionId, ids }) => this.#queue(connectionId, ids, (common) => ({ ...common, kind: 'unsnooze' })),
      undo: async ({ outboxIds }) => {
        const connectionIds = await context.database.write.undo({ ids: outboxIds, now: context.now(), skews: options.skews() });
        context.touched('alerts', 'outbox');
        for (const id of connectionIds) options.queued(id);
      },
      ...ruleHandlers({ cache, connectionOf, changed: (connection, code) => this.#rulesChanged(connection, code) }),
    };
  }

  event(connection: BackendConnection, event: StreamEvent): void {
    // A firing or resolved alert also changes the statuses of its rule.
    if (event.type === 'rule.changed') this.#rulesChanged(connection, event.data.ruleCode);
    if (event.type === 'alert.triggered' || event.type === 'alert.resolved') this.#statusesChanged(connection);
  }

  close(): void {
    for (const news of this.#statusNews.values()) news.close();
  }

  /** In a storm every alert changes a status, and each reading of all statuses counts towards the rate limit. */
  #statusesChanged(connection: BackendConnection): void {
    let news = this.#statusNews.get(connection.id);
    if (news === undefined) {
      const onError = (error: unknown): void => this.#options.context.log.error({ err: error }, 'news of rules cannot be sent');
      news = new Coalesced(() => this.#rulesChanged(this.#options.connectionOf(connection.id)), statusesEveryMs, onError);
      this.#statusNews.set(connection.id, news);
    }
    news.ask();
  }

  /** @param code the rule that has a new version; absent when only statuses changed */
  #rulesChanged(connection: BackendConnection, code?: string): void {
    if (code !== undefined) this.#options.cache.invalidate(connection, versionsKey(code));
    this.#options.cache.invalidate(connection, rulesKey);
    this.#options.context.emit('alerts', 'rulesChanged', { connectionId: connection.id });
  }

  async #get(connection: BackendConnection, id: string): Promise<AlertDetail> {
    const { database, now, pop, touched, touchedAlerts } = this.#options.context;
    if (connection.isLive) {
      try {
        const { alert, events } = await connection.client.alerts.get({ params: { id } });
        const skewMs = connection.clockSkewMs ?? 0;
        pop(
          await database.write.applyAlerts({
            connectionId: connection.id,
            alerts: [alert],
            lastEventId: null,
            whole: false,
            now: now(),
            skewMs,
          }),
        );
        touchedAlerts(connection.id, [id]);
        await database.write.storeCached([{ connectionId: connection.id, key: eventsKey(id), body: JSON.stringify(events), asOf: now() }]);
        touched('notices');
      } catch (error) {
        if (outcomeOf(error).kind !== 'again') throw error;
      }
    }
    const alert = await this.#known(connection, id);
    const row = await database.read.findCached({ connectionId: connection.id, key: eventsKey(id) });
    const events = row === null ? undefined : z.array(alertEvent).safeParse(JSON.parse(row.body)).data;
    return { alert, events: events ?? ([] satisfies AlertEvent[]), eventsAsOf: events === undefined ? null : (row?.asOf ?? null) };
  }

  async #known(connection: BackendConnection, id: string): Promise<FeedAlert> {
    const alert = await this.#options.context.database.read.feedAlert({ connectionId: connection.id, id });
    if (alert !== null) return alert;
    throw this.#unknown(connection, id);
  }

  #unknown(connection: BackendConnection, id: string): AppError {
    const params = { id, connection: connection.profile.name };
    return connection.isLive
      ? problemError('alert_unknown', { ...params, keptMs: keepResolvedMs }, { field: 'id' })
      : problemError('alert_unknown_offline', params, { field: 'id' });
  }

  /** Stores changes in the outbox first. Resolved alerts are left out, unless all of them have resolved. */
  async #queue(connectionId: string, ids: readonly string[], changeOf: (common: Common) => AlertChange): Promise<Queued> {
    const { context, connectionOf, queued } = this.#options;
    const connection = connectionOf(connectionId);
    needRole(connection, 'OPERATOR');
    const by = connection.profile.username;
    if (by === null) throw problemError('sign_in_to_change', { connection: connection.profile.name });
    const wanted = [...new Set(ids)];
    const known = await context.database.read.feedAlerts({ connectionId, ids: wanted });
    const found = new Set(known.map(({ id }) => id));
    const missing = wanted.find((id) => !found.has(id));
    if (missing !== undefined) throw this.#unknown(connection, missing);
    const firing = known.filter(({ state }) => state === 'FIRING');
    if (firing.length === 0) {
      throw known.length === 1 ? problemError('alert_resolved', {}) : problemError('alerts_resolved', { count: known.length });
    }
    const at = context.now();
    const items = firing.map((alert) => {
      const before = { acknowledgement: alert.acknowledgement, snooze: alert.snooze };
      const asked = changeOf({ alertId: alert.id, alertName: nameOf(alert), at, by, before });
      const change = connection.clockSkewMs === null ? asked : byBackendClock(asked, connection.clockSkewMs);
      return { connectionId, title: titleOf(change, nameOf(alert)), change };
    });
    const outboxIds = await context.database.write.enqueue({ items, now: at });
    context.touchedAlerts(
      connectionId,
      firing.map(({ id }) => id),
    );
    context.touched('outbox');
    queued(connectionId);
    return { outboxIds };
  }
}

function mustBeAhead(until: number, now: number): void {
  if (until > now) return;
  throw problemError('snooze_in_past', {}, { field: 'until' });
}
