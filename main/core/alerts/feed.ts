import type { Alert } from '#common/contract/alerts.ts';
import type { Client } from '#common/contract/client.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import type { HealthReport } from '#common/contract/health.ts';
import { problem } from '#common/words/problems.ts';
import type { BackendConnection } from '../connections/connection.ts';
import type { ReceivedEvent } from '../connections/stream.ts';
import type { Context } from '../context.ts';
import { keepResolvedMs } from './store.ts';

const pageSize = 500;

/** Events missed while offline, up to the newest one at the time of the hello. */
type Replay = { upTo: bigint; newest: Map<string, Alert>; lastId: string | null };

/** Applies the backend's events to the cached alerts, and stores with each change how far the stream was read. */
export class Feed {
  readonly #context: Context;
  /** Missed events are collected first, so that people are notified of the outcome instead of every step. */
  readonly #replays = new Map<string, Replay>();
  readonly #newest = new Map<string, string>();
  readonly #resumedAfter = new Map<string, string | null>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Finds out which deployment answers. @returns the event to resume after; null to begin with a snapshot */
  async identify(connection: BackendConnection, health: HealthReport): Promise<string | null> {
    const resumeAfter = await this.#place(connection, health);
    this.#resumedAfter.set(connection.id, resumeAfter);
    return resumeAfter;
  }

  async #place(connection: BackendConnection, health: HealthReport): Promise<string | null> {
    const { database, log } = this.#context;
    const profile = (await database.read.profiles()).find(({ id }) => id === connection.id);
    if (profile === undefined) return null;
    if (profile.instanceId === health.instanceId) return profile.lastEventId;
    if (profile.instanceId === null) {
      await database.write.firstInstance({ id: connection.id, instanceId: health.instanceId });
      return null;
    }
    log.warn({ connection: profile.name, was: profile.instanceId, is: health.instanceId }, 'another deployment answers at this address');
    await database.write.changeInstance({
      id: connection.id,
      instanceId: health.instanceId,
      problem: problem('other_deployment', {}),
    });
    this.#context.touched('alerts', 'outbox');
    return null;
  }

  /**
   * Applies a batch of events. Consecutive alert events are stored in one write, so that a storm is many events and few writes.
   * @returns true when the cache has caught up with the backend
   */
  async events(connection: BackendConnection, events: readonly ReceivedEvent[]): Promise<boolean> {
    let caughtUp = true;
    for (let at = 0; at < events.length; ) {
      const batch = this.#replays.has(connection.id) ? [] : leadingAlerts(events, at);
      const last = batch.at(-1);
      if (last === undefined) {
        const { event, id } = events[at] as ReceivedEvent;
        caughtUp = await this.#event(connection, event, id);
        at += 1;
      } else {
        await this.#applyAlerts(
          connection,
          batch.flatMap(({ event }) => alertOf(event)),
          last.id,
          false,
        );
        caughtUp = true;
        at += batch.length;
      }
    }
    return caughtUp;
  }

  async #event(connection: BackendConnection, event: StreamEvent, id: string | null): Promise<boolean> {
    if (event.type === 'hello') return this.#hello(connection, event.data.lastId, this.#resumedAfter.get(connection.id) ?? null);
    if (event.type === 'resync') {
      this.#context.log.info({ connection: connection.profile.name, reason: event.data.reason }, 'resync');
      this.#replays.delete(connection.id);
      await this.#snapshot(connection, this.#newest.get(connection.id) ?? null);
      return true;
    }
    const replay = this.#replays.get(connection.id);
    if (replay !== undefined) return this.#missed(connection, event, id, replay);
    if (id !== null) await this.#applyAlerts(connection, alertOf(event), id, false);
    return true;
  }

  async #hello(connection: BackendConnection, newest: string, resumedAfter: string | null): Promise<boolean> {
    this.#newest.set(connection.id, newest);
    this.#replays.delete(connection.id);
    if (resumedAfter === null) {
      await this.#snapshot(connection, newest);
      return true;
    }
    // Ahead of the newest event, the backend sends a resync; at the newest, nothing was missed.
    if (BigInt(resumedAfter) === BigInt(newest)) return true;
    this.#replays.set(connection.id, { upTo: BigInt(newest), newest: new Map(), lastId: null });
    return false;
  }

  async #missed(connection: BackendConnection, event: StreamEvent, id: string | null, replay: Replay): Promise<boolean> {
    if (id !== null) {
      for (const alert of alertOf(event)) replay.newest.set(alert.id, alert);
      replay.lastId = id;
      if (BigInt(id) < replay.upTo) return false;
    }
    // Transient events arrive only after all recorded ones.
    this.#replays.delete(connection.id);
    await this.#applyAlerts(connection, [...replay.newest.values()], replay.lastId, false);
    return true;
  }

  async #snapshot(connection: BackendConnection, lastEventId: string | null): Promise<void> {
    const firing = await allPages(connection.client, { state: 'FIRING' });
    const recent = await allPages(connection.client, {
      state: 'RESOLVED',
      changedSince: Math.max(0, connection.serverNow() - keepResolvedMs),
    });
    // Read second, so it wins: an alert that resolved in between is in both lists.
    const alerts = new Map([...firing, ...recent].map((alert) => [alert.id, alert]));
    await this.#applyAlerts(connection, [...alerts.values()], lastEventId, true);
  }

  async #applyAlerts(connection: BackendConnection, alerts: Alert[], lastEventId: string | null, whole: boolean): Promise<void> {
    const { database, now, pop, touched, touchedAlerts } = this.#context;
    const notices = await database.write.applyAlerts({
      connectionId: connection.id,
      alerts,
      lastEventId,
      whole,
      now: now(),
      skewMs: connection.clockSkewMs ?? 0,
    });
    if (whole) touched('alerts');
    else
      touchedAlerts(
        connection.id,
        alerts.map(({ id }) => id),
      );
    if (alerts.length > 0 || whole) touched('notices');
    pop(notices);
  }
}

/** Returns the recorded alert events from an index on, up to the first event of another kind. */
function leadingAlerts(events: readonly ReceivedEvent[], from: number): ReceivedEvent[] {
  const end = events.findIndex(({ event, id }, at) => at >= from && (id === null || alertOf(event).length === 0));
  return events.slice(from, end === -1 ? events.length : end);
}

function alertOf(event: StreamEvent): Alert[] {
  switch (event.type) {
    case 'alert.triggered':
    case 'alert.updated':
    case 'alert.resolved':
      return [event.data.alert];
    default:
      return [];
  }
}

async function allPages(client: Client, filter: { state: Alert['state']; changedSince?: number }): Promise<Alert[]> {
  const alerts: Alert[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.alerts.list({ query: { ...filter, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) } });
    alerts.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return alerts;
}
