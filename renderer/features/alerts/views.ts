import { z } from 'zod';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { severities, severity } from '#common/contract/primitives.ts';
import { byUrgency, isUnowned, seriesName } from '#renderer/ui/alerts.ts';

export const views = ['mine', 'unowned', 'firing', 'snoozed', 'history'] as const;
export type View = (typeof views)[number];
export const sorts = ['urgency', 'name', 'age', 'owner'] as const;
export type Sort = (typeof sorts)[number];

/** What the list shows lives in the address; the alert beside it is its path. */
export const alertsAddress = z.object({
  view: z.enum(views).default('firing'),
  q: z.string().max(200).default(''),
  severity: severity.optional(),
  sort: z.enum(sorts).default('urgency'),
});
export type AlertsAddress = z.output<typeof alertsAddress>;
/** A change of the address; `undefined` goes back to the default. */
export type AlertsChange = Partial<z.input<typeof alertsAddress>>;

/** Names the signed-in person by connection: the same alert may be mine on one backend and not on another. */
export type Me = ReadonlyMap<string, string | null>;
export const meOn = (connections: readonly Connection[]): Me => new Map(connections.map((one) => [one.id, one.username]));

/** One key over all connections. */
export const alertKey = (alert: Pick<FeedAlert, 'connectionId' | 'id'>): string => `${alert.connectionId}/${alert.id}`;

export function inView(alert: FeedAlert, view: View, me: Me): boolean {
  if (view === 'history') return alert.state === 'RESOLVED';
  if (alert.state !== 'FIRING') return false;
  if (view === 'mine') return alert.acknowledgement !== null && alert.acknowledgement.by === me.get(alert.connectionId);
  if (view === 'unowned') return isUnowned(alert);
  if (view === 'snoozed') return alert.snooze !== null;
  return true;
}

/** Every word of the search is somewhere in what a row says. */
export function matches(alert: FeedAlert, q: string): boolean {
  const text = [alert.ruleName, alert.ruleCode, seriesName(alert.labels), alert.severity, alert.acknowledgement?.by ?? '']
    .join(' ')
    .toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const orders: Record<Sort, (a: FeedAlert, b: FeedAlert) => number> = {
  urgency: byUrgency,
  name: (a, b) => a.ruleName.localeCompare(b.ruleName) || seriesName(a.labels).localeCompare(seriesName(b.labels)),
  age: (a, b) => a.firedAt - b.firedAt,
  owner: (a, b) => (a.acknowledgement?.by ?? '').localeCompare(b.acknowledgement?.by ?? '') || byUrgency(a, b),
};
const newestResolved = (a: FeedAlert, b: FeedAlert): number => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0);

/** The rows a view wants, in the order it wants them; ties fall by key, so that equal alerts never swap. */
export function listOf(alerts: readonly FeedAlert[], { view, q, severity: only, sort }: AlertsAddress, me: Me): FeedAlert[] {
  const order = view === 'history' && sort === 'urgency' ? newestResolved : orders[sort];
  return alerts
    .filter((alert) => inView(alert, view, me) && (only === undefined || alert.severity === only) && matches(alert, q.trim()))
    .sort((a, b) => order(a, b) || alertKey(a).localeCompare(alertKey(b)));
}

export function countsOf(alerts: readonly FeedAlert[], me: Me): Record<View, number> {
  const counts: Record<View, number> = { mine: 0, unowned: 0, firing: 0, snoozed: 0, history: 0 };
  for (const alert of alerts) for (const view of views) if (inView(alert, view, me)) counts[view]++;
  return counts;
}

/** The most urgent severity among some alerts. */
export function worst(alerts: readonly FeedAlert[]): FeedAlert['severity'] | null {
  return severities.findLast((one) => alerts.some((alert) => alert.severity === one)) ?? null;
}
