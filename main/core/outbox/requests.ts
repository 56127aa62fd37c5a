import { maxAlertChanges } from '#common/contract/alerts.ts';
import type { Waiting } from './store.ts';

/** Changes that go to the backend in one request; one alone goes as the change that it is. */
export interface OutboxRequest {
  /** Its idempotency key. */
  key: string;
  items: readonly Waiting[];
  /** Whether it is a request of many changes. */
  many: boolean;
}

/**
 * Sorts what is due into requests. What was sent together goes together again, under the same key; what was sent alone goes alone;
 * the rest goes together, because a backend takes only so many requests a minute.
 * @param batching false where the backend is too old to take many changes at once
 * @param newKey makes the key of a new request of many
 */
export function toRequests(due: readonly Waiting[], batching: boolean, newKey: () => string): OutboxRequest[] {
  const alone = (item: Waiting): OutboxRequest => ({ key: item.key, items: [item], many: false });
  if (!batching) return due.map(alone);
  const sentBefore = Map.groupBy(
    due.filter(({ batch }) => batch !== null),
    ({ batch }) => batch ?? '',
  );
  const fresh = due.filter(({ batch, attempts }) => batch === null && attempts === 0);
  const requests = [...sentBefore].map(([key, items]): OutboxRequest => ({ key, items: items.toSorted(byId), many: true }));
  if (fresh.length === 1) requests.push(...fresh.map(alone));
  else {
    for (let from = 0; from < fresh.length; from += maxAlertChanges)
      requests.push({ key: newKey(), items: fresh.slice(from, from + maxAlertChanges).toSorted(byId), many: true });
  }
  return [...requests, ...due.filter(({ batch, attempts }) => batch === null && attempts > 0).map(alone)];
}

const byId = (a: Waiting, b: Waiting): number => (a.id < b.id ? -1 : 1);
