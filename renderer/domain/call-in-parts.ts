import { type FeedAlert, maxAlertsPerCall, type Queued } from '#common/contract/console/alerts.ts';
import { describeError } from '#renderer/ui/describe-error.ts';

/** Changes some alerts of one connection. */
export type BatchCall = (target: { connectionId: string; ids: string[] }) => Promise<Queued>;

/** The result of calls over many alerts. `done` counts changed alerts; an error stops the work but undoes nothing. */
export interface PartsDone {
  outboxIds: string[];
  done: number;
  error: unknown;
}

/** Changes many alerts in as many calls as needed, one after the other. Alerts that have resolved in the meantime need none. */
export async function callInParts(alerts: readonly FeedAlert[], call: BatchCall, onProgress: (done: number) => void): Promise<PartsDone> {
  const outboxIds: string[] = [];
  let passed = 0;
  let resolved: unknown = null;
  for (const [connectionId, list] of Map.groupBy(alerts, (alert) => alert.connectionId)) {
    for (const ids of inCalls(list.map((alert) => alert.id))) {
      try {
        outboxIds.push(...(await call({ connectionId, ids })).outboxIds);
      } catch (error) {
        if (describeError(error).code !== 'already_resolved') return { outboxIds, done: outboxIds.length, error };
        resolved = error;
      }
      passed += ids.length;
      onProgress(passed);
    }
  }
  return { outboxIds, done: outboxIds.length, error: outboxIds.length === 0 ? resolved : null };
}

/** Splits items into batches that one call accepts. */
export function inCalls<T>(items: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += maxAlertsPerCall) parts.push(items.slice(from, from + maxAlertsPerCall));
  return parts;
}
