import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { OutboxItem } from '#common/contract/console/outbox.ts';
import { AlertList } from './alerts/list.ts';
import { Coalesced } from './coalesce.ts';
import type { Context } from './context.ts';
import type { NoticesToShow } from './notices/store.ts';

/** How long the lists on screen may lag behind the database, ms. */
const sendEveryMs = 100;

type Listed = Parameters<Context['touched']>[number];

/** Sends the windows the lists of alerts, pending changes and notices whenever they changed. */
export class ListUpdates {
  readonly #emit: Context['emit'];
  readonly #alertList: AlertList;
  readonly #lists: Record<Listed, Coalesced>;

  constructor({ database, log, now, emit }: Pick<Context, 'database' | 'log' | 'now' | 'emit'>, listOutbox: () => Promise<OutboxItem[]>) {
    this.#emit = emit;
    this.#alertList = new AlertList(database, now);
    const list = (send: () => Promise<void>): Coalesced =>
      new Coalesced(send, sendEveryMs, (error) => log.error({ err: error }, 'a list cannot be sent'));
    this.#lists = {
      alerts: list(async () => {
        const delta = await this.#alertList.refresh();
        if (delta !== null) emit('alerts', 'changed', delta);
      }),
      outbox: list(async () => emit('outbox', 'changed', await listOutbox())),
      notices: list(async () => emit('notices', 'changed', await database.read.inbox())),
    };
  }

  /** Reads these lists again soon and sends them together. */
  touched(...what: Listed[]): void {
    if (what.includes('alerts')) this.#alertList.touchAll();
    for (const name of what) this.#lists[name].ask();
  }

  /** Reads only these alerts of a connection again and sends them. */
  touchedAlerts(connectionId: string, ids: readonly string[]): void {
    this.#alertList.touch(connectionId, ids);
    this.#lists.alerts.ask();
  }

  /** Shows stored notices: new popups and updated ones. */
  pop({ shown, counted }: NoticesToShow): void {
    for (const notice of shown) this.#emit('notices', 'shown', notice);
    for (const notice of counted) this.#emit('notices', 'counted', notice);
    if (shown.length + counted.length > 0) this.touched('notices');
  }

  /** Returns all firing and recently resolved alerts. */
  async alerts(): Promise<FeedAlert[]> {
    const { alerts, delta } = await this.#alertList.all();
    // The other windows also receive what this read found.
    if (delta.changed.length + delta.gone.length > 0) this.#emit('alerts', 'changed', delta);
    return alerts;
  }

  close(): void {
    for (const list of Object.values(this.#lists)) list.close();
  }
}
