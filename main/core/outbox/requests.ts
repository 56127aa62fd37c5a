import { maxAlertChanges } from '#common/contract/alerts.ts';
import type { Waiting } from './store.ts';

/** Changes that are sent in one request; a single change uses its own endpoint. */
export interface OutboxRequest {
  /** Idempotency key of the request. */
  key: string;
  items: readonly Waiting[];
  /** True for a request with many changes. */
  many: boolean;
}

/**
 * Groups due changes into requests. Changes that were sent together are sent together again with the same key; those sent alone are sent
 * alone. All others are sent together, because backends limit requests per minute.
 * @param batching false if the backend is too old to accept many changes at once
 * @param newKey creates the key of a new request with many changes
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
