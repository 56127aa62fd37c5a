import type { Alert } from '#common/contract/alerts.ts';
import { type NotificationPath, policyLists } from '#common/contract/policies.ts';
import { PolicySnapshot } from '#common/policies/notification-path.ts';
import { findCached } from '../cache/store.ts';
import type { ReadableDb } from '../database/connection.ts';

/** Key of the policies among the cached values. */
export const policiesKey = 'policies';
export const noPolicies = { silences: [], maintenance: [], inhibitions: [] };

interface PathsOptions {
  connectionId: string;
  /** By the backend's clock, epoch ms. */
  now: number;
  /** Returns every firing alert of the connection. Called at most once, and only if an alert can inhibit others. */
  firing: () => Alert[];
}

/** Returns a function that follows an alert through the last known policies of its connection. They are read when the first alert needs them. */
export function openPaths(db: ReadableDb, { connectionId, now, firing }: PathsOptions): (alert: Alert) => NotificationPath {
  let snapshot: PolicySnapshot | undefined;
  return (alert) => {
    if (snapshot === undefined) {
      const row = findCached(db, { connectionId, key: policiesKey });
      // A copy that an older console stored in another shape is ignored.
      const policies = row === null ? noPolicies : (policyLists.safeParse(JSON.parse(row.body)).data ?? noPolicies);
      snapshot = new PolicySnapshot(policies, policies.inhibitions.length === 0 ? [] : firing(), now);
    }
    return snapshot.pathOf(alert);
  };
}
