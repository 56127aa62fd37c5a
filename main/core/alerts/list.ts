import { isDeepStrictEqual } from 'node:util';
import { alertKey, newestFirst } from '#common/contract/console/alert-list.ts';
import { type AlertsDelta, type FeedAlert, maxResolvedListed } from '#common/contract/console/alerts.ts';
import type { ConsoleDatabase } from '../storage/open.ts';

/** With more resolved alerts than this, the whole list is read again, which drops the oldest. */
const maxResolved = maxResolvedListed + 500;

/** The list of alerts as the windows show it. Only alerts that changed are read from the database and sent. */
export class AlertList {
  readonly #database: ConsoleDatabase;
  readonly #now: () => number;
  readonly #known = new Map<string, FeedAlert>();
  readonly #touched = new Map<string, Set<string>>();
  #wholeTouched = true;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(database: ConsoleDatabase, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** These alerts have to be read again. */
  touch(connectionId: string, ids: readonly string[]): void {
    const touched = this.#touched.get(connectionId) ?? new Set();
    for (const id of ids) touched.add(id);
    this.#touched.set(connectionId, touched);
  }

  /** Everything has to be read again. */
  touchAll(): void {
    this.#wholeTouched = true;
  }

  /** Reads the touched alerts. @returns what changed; null when nothing did */
  refresh(): Promise<AlertsDelta | null> {
    return this.#inTurn(async () => {
      const delta = this.#wholeTouched ? await this.#readAll() : await this.#readTouched();
      return delta.changed.length + delta.gone.length === 0 ? null : delta;
    });
  }

  /** Reads all firing and recently resolved alerts, newest first, and what changed since the last update of the windows. */
  all(): Promise<{ alerts: FeedAlert[]; delta: AlertsDelta }> {
    return this.#inTurn(async () => {
      const delta = await this.#readAll();
      return { alerts: [...this.#known.values()].sort(newestFirst), delta };
    });
  }

  /** Runs reads one after the other: an older one must not overtake a newer one. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#reading.then(work);
    this.#reading = result.catch(() => undefined);
    return result;
  }

  async #readAll(): Promise<AlertsDelta> {
    this.#wholeTouched = false;
    this.#touched.clear();
    try {
      const present = new Map((await this.#database.read.feed({ now: this.#now() })).map((alert) => [alertKey(alert), alert]));
      const gone = [...this.#known.values()].filter((alert) => !present.has(alertKey(alert)));
      return this.#take([...present.values()], gone);
    } catch (error) {
      this.#wholeTouched = true;
      throw error;
    }
  }

  async #readTouched(): Promise<AlertsDelta> {
    const touched = [...this.#touched];
    this.#touched.clear();
    const changed: FeedAlert[] = [];
    const gone: FeedAlert[] = [];
    for (const [connectionId, ids] of touched) {
      const present = await this.#database.read.feedAlerts({ connectionId, ids: [...ids] });
      changed.push(...present);
      for (const { id } of present) ids.delete(id);
      for (const id of ids) {
        const known = this.#known.get(alertKey({ connectionId, id }));
        if (known !== undefined) gone.push(known);
      }
    }
    const delta = this.#take(changed, gone);
    let resolved = 0;
    for (const alert of this.#known.values()) if (alert.state === 'RESOLVED') resolved += 1;
    if (resolved > maxResolved) this.#wholeTouched = true;
    return delta;
  }

  #take(present: readonly FeedAlert[], gone: readonly FeedAlert[]): AlertsDelta {
    const changed = present.filter((alert) => !isSame(this.#known.get(alertKey(alert)), alert));
    for (const alert of changed) this.#known.set(alertKey(alert), alert);
    for (const alert of gone) this.#known.delete(alertKey(alert));
    return { changed, gone: gone.map(({ connectionId, id }) => ({ connectionId, id })) };
  }
}

/** Returns true if two copies are equal: the version covers the backend's part, the rest is what is pending here. */
function isSame(a: FeedAlert | undefined, b: FeedAlert): boolean {
  if (a === undefined || a.version !== b.version || a.asOf !== b.asOf) return false;
  const local = ({ waiting, acknowledgement, snooze }: FeedAlert) => [waiting, acknowledgement, snooze];
  return isDeepStrictEqual(local(a), local(b));
}
