import { createContext, useContext, useMemo } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { NotificationPath, PathStep, Policies } from '#common/contract/policies.ts';
import { PolicySnapshot } from '#common/policies/notification-path.ts';
import { useNowInSteps } from '#renderer/ui/time.tsx';
import { useStable } from '#renderer/ui/use-stable.ts';
import { useConnections } from '../queries/index.ts';
import { usePolicies } from '../queries/policies.ts';

/** Silences and maintenance windows begin and end within this time of their own, ms. */
const stepMs = 5_000;
const none: readonly FeedAlert[] = [];
const policySteps: readonly PathStep['step'][] = ['inhibition', 'silence', 'maintenance'];

/** The policies of every connection, as they apply at one time. Works from cached copies, so offline as well. */
export class NotificationPaths {
  readonly #snapshots: ReadonlyMap<string, PolicySnapshot>;
  readonly #paths = new WeakMap<FeedAlert, NotificationPath>();

  /** @param now by the clock of each connection's backend, epoch ms */
  constructor(policies: Readonly<Record<string, Policies>>, alerts: readonly FeedAlert[], now: (connectionId: string) => number) {
    const firing = Map.groupBy(
      alerts.filter(({ state }) => state === 'FIRING'),
      ({ connectionId }) => connectionId,
    );
    this.#snapshots = new Map(
      Object.entries(policies).map(([id, one]) => [id, new PolicySnapshot(one, firing.get(id) ?? [], now(id))] as const),
    );
  }

  /** Returns the way of a firing alert to its notification; null if the policies of its connection aren't known. */
  pathOf(alert: FeedAlert): NotificationPath | null {
    const known = this.#paths.get(alert);
    if (known !== undefined) return known;
    const path = this.#snapshots.get(alert.connectionId)?.pathOf(alert) ?? null;
    if (path !== null) this.#paths.set(alert, path);
    return path;
  }

  /** Returns the policy that keeps a firing alert from notifying: an inhibition, a silence or a maintenance window; null if none does. */
  policyStopOf(alert: FeedAlert): PathStep | null {
    if (alert.state !== 'FIRING') return null;
    const stop = this.pathOf(alert)?.steps.at(-1);
    return stop !== undefined && stop.stop !== null && policySteps.includes(stop.step) ? stop : null;
  }
}

/** Follows alerts through the policies of their connections, as they are now. */
export function useNotificationPaths(alerts: readonly FeedAlert[]): NotificationPaths {
  const policies = usePolicies();
  const connections = useConnections().data;
  const at = useNowInSteps(stepMs);
  // Only inhibitions depend on the other alerts. Without them, an alert that changes leaves the ways of all others known.
  const sources = Object.values(policies).some(({ inhibitions }) => inhibitions.length > 0) ? alerts : none;
  const skews = useStable(Object.fromEntries((connections ?? []).map(({ id, clockSkewMs }) => [id, clockSkewMs ?? 0])));
  return useMemo(() => {
    // A silence that was just made began after the last step.
    const now = Math.max(at, Date.now());
    return new NotificationPaths(policies, sources, (id) => now + (skews[id] ?? 0));
  }, [policies, sources, skews, at]);
}

/** The ways of the alerts on a screen, for rows that are drawn apart from it. */
export const NotificationPathsContext = createContext(new NotificationPaths({}, [], () => 0));
export const usePaths = (): NotificationPaths => useContext(NotificationPathsContext);
