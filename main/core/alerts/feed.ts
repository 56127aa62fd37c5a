import type { Alert } from '#common/contract/alerts.ts';
import type { Client } from '#common/contract/client.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import type { HealthReport } from '#common/contract/health.ts';
import { problem } from '#common/words/problems.ts';
import type { Link } from '../connections/link.ts';
import type { ReceivedEvent } from '../connections/stream.ts';
import type { Context } from '../context.ts';
import { keepResolvedMs } from './store.ts';

const pageSize = 500;

/** What was missed, up to the newest event at the time of the hello. */
type Replay = { upTo: bigint; newest: Map<string, Alert>; lastId: string | null };

/** Keeps the cache of alerts in step with the backend's events, each change together with its place in the stream. */
export class Feed {
  readonly #context: Context;
  /** What was missed is gathered first, so that people hear how it ended instead of every step. */
  readonly #replays = new Map<string, Replay>();
  readonly #newest = new Map<string, string>();
  readonly #resumedAfter = new Map<string, string | null>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Settles which deployment answers. @returns the event to resume after; null to begin with a snapshot */
  async identify(link: Link, health: HealthReport): Promise<string | null> {
    const resumeAfter = await this.#place(link, health);
    this.#resumedAfter.set(link.id, resumeAfter);
    return resumeAfter;
  }

  async #place(link: Link, health: HealthReport): Promise<string | null> {
    const { database, log } = this.#context;
    const profile = (await database.read.profiles()).find(({ id }) => id === link.id);
    if (profile === undefined) return null;
    if (profile.instanceId === health.instanceId) return profile.lastEventId;
    if (profile.instanceId === null) {
      await database.write.firstInstance({ id: link.id, instanceId: health.instanceId });
      return null;
    }
    log.warn({ connection: profile.name, was: profile.instanceId, is: health.instanceId }, 'another deployment answers at this address');
    await database.write.changeInstance({
      id: link.id,
      instanceId: health.instanceId,
      problem: problem('other_deployment', {}),
    });
    this.#context.touched('alerts', 'outbox');
    return null;
  }

  /**
   * Takes in events that came together. Alerts that follow one another are stored at once: a storm is many events and few writes.
   * @returns true when the cache is in step with the backend
   */
  async events(link: Link, events: readonly ReceivedEvent[]): Promise<boolean> {
    let caughtUp = true;
    for (let at = 0; at < events.length; ) {
      const batch = this.#replays.has(link.id) ? [] : leadingAlerts(events, at);
      const last = batch.at(-1);
      if (last === undefined) {
        const { event, id } = events[at] as ReceivedEvent;
        caughtUp = await this.#event(link, event, id);
        at += 1;
      } else {
        await this.#takeIn(
          link,
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

  async #event(link: Link, event: StreamEvent, id: string | null): Promise<boolean> {
    if (event.type === 'hello') return this.#hello(link, event.data.lastId, this.#resumedAfter.get(link.id) ?? null);
    if (event.type === 'resync') {
      this.#context.log.info({ connection: link.profile.name, reason: event.data.reason }, 'resync');
      this.#replays.delete(link.id);
      await this.#snapshot(link, this.#newest.get(link.id) ?? null);
      return true;
    }
    const replay = this.#replays.get(link.id);
    if (replay !== undefined) return this.#missed(link, event, id, replay);
    if (id !== null) await this.#takeIn(link, alertOf(event), id, false);
    return true;
  }

  async #hello(link: Link, newest: string, resumedAfter: string | null): Promise<boolean> {
    this.#newest.set(link.id, newest);
    this.#replays.delete(link.id);
    if (resumedAfter === null) {
      await this.#snapshot(link, newest);
      return true;
    }
    // Beyond the newest the backend answers with a resync; at the newest nothing was missed.
    if (BigInt(resumedAfter) === BigInt(newest)) return true;
    this.#replays.set(link.id, { upTo: BigInt(newest), newest: new Map(), lastId: null });
    return false;
  }

  async #missed(link: Link, event: StreamEvent, id: string | null, replay: Replay): Promise<boolean> {
    if (id !== null) {
      for (const alert of alertOf(event)) replay.newest.set(alert.id, alert);
      replay.lastId = id;
      if (BigInt(id) < replay.upTo) return false;
    }
    // Passing events come only once all that was recorded has come.
    this.#replays.delete(link.id);
    await this.#takeIn(link, [...replay.newest.values()], replay.lastId, false);
    return true;
  }

  async #snapshot(link: Link, lastEventId: string | null): Promise<void> {
    const firing = await allPages(link.client, { state: 'FIRING' });
    const recent = await allPages(link.client, { state: 'RESOLVED', changedSince: Math.max(0, link.serverNow() - keepResolvedMs) });
    // Read second, so it wins: one that resolved in between is in both.
    const alerts = new Map([...firing, ...recent].map((alert) => [alert.id, alert]));
    await this.#takeIn(link, [...alerts.values()], lastEventId, true);
  }

  async #takeIn(link: Link, alerts: Alert[], lastEventId: string | null, whole: boolean): Promise<void> {
    const { database, now, pop, touched, touchedAlerts } = this.#context;
    const told = await database.write.takeIn({
      connectionId: link.id,
      alerts,
      lastEventId,
      whole,
      now: now(),
      skewMs: link.clockSkewMs ?? 0,
    });
    if (whole) touched('alerts');
    else
      touchedAlerts(
        link.id,
        alerts.map(({ id }) => id),
      );
    if (alerts.length > 0 || whole) touched('notices');
    pop(told);
  }
}

/** The events from a place on that are of alerts and kept in the stream, up to the first that is not. */
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
