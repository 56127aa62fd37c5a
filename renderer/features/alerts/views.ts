import { z } from 'zod';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { severities, severity } from '#common/contract/primitives.ts';
import { alertSeries, byUrgency, isUnowned } from '#renderer/domain/alerts.ts';
import { countReadyRules } from '#renderer/domain/ready-rules/ready-rule-name.ts';

export const views = ['mine', 'unowned', 'firing', 'snoozed', 'silenced', 'history'] as const;
export type View = (typeof views)[number];
const sorts = ['urgency', 'name', 'age', 'owner'] as const;
export type Sort = (typeof sorts)[number];

/** Search parameters of the alert list. The open alert is in the path. */
export const alertsAddress = z.object({
  view: z.enum(views).default('firing'),
  q: z.string().max(200).default(''),
  severity: severity.optional(),
  /** Only alerts of rules made from this ready rule. */
  template: z.string().optional(),
  sort: z.enum(sorts).default('urgency'),
});
export type AlertsAddress = z.output<typeof alertsAddress>;
/** A change of the address; `undefined` resets to the default. */
export type AlertsChange = Partial<z.input<typeof alertsAddress>>;

/** What the views depend on beside the alerts. */
export interface Viewing {
  /** The name of the signed-in user per connection: the same alert may be mine on one backend and not on another. */
  me: ReadonlyMap<string, string | null>;
  /** True if a policy keeps the alert from notifying. */
  isSilenced: (alert: FeedAlert) => boolean;
}
export const meOn = (connections: readonly Connection[]): Viewing['me'] => new Map(connections.map((one) => [one.id, one.username]));

export function inView(alert: FeedAlert, view: View, { me, isSilenced }: Viewing): boolean {
  if (view === 'history') return alert.state === 'RESOLVED';
  if (alert.state !== 'FIRING') return false;
  if (view === 'mine') return alert.acknowledgement !== null && alert.acknowledgement.by === me.get(alert.connectionId);
  if (view === 'unowned') return isUnowned(alert);
  if (view === 'snoozed') return alert.snooze !== null;
  if (view === 'silenced') return isSilenced(alert);
  return true;
}

/** True if every word of the search occurs in the texts of a row. */
export function matches(alert: FeedAlert, q: string): boolean {
  return hasWords(alert, wordsOf(q));
}

const wordsOf = (q: string): string[] => q.trim().toLowerCase().split(/\s+/);
/** Caches the texts of each alert's row, because every key in the filter searches thousands. */
const rowTexts = new WeakMap<FeedAlert, string>();

function hasWords(alert: FeedAlert, words: readonly string[]): boolean {
  let text = rowTexts.get(alert);
  if (text === undefined) {
    text = [
      alert.ruleName,
      alert.ruleCode,
      alertSeries(alert),
      ...Object.values(alert.ruleLabels),
      alert.severity,
      alert.acknowledgement?.by ?? '',
    ]
      .join(' ')
      .toLowerCase();
    rowTexts.set(alert, text);
  }
  return words.every((word) => text.includes(word));
}

function compareKeys(a: FeedAlert, b: FeedAlert): number {
  const [first, second] = [alertKey(a), alertKey(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** One collator for all comparisons: `localeCompare` would look up its rules for every pair. */
const byText = new Intl.Collator();

const orders: Record<Sort, (a: FeedAlert, b: FeedAlert) => number> = {
  urgency: byUrgency,
  name: (a, b) => byText.compare(a.ruleName, b.ruleName) || byText.compare(alertSeries(a), alertSeries(b)),
  age: (a, b) => b.firedAt - a.firedAt,
  owner: (a, b) => byText.compare(a.acknowledgement?.by ?? '', b.acknowledgement?.by ?? '') || byUrgency(a, b),
};
const newestResolved = (a: FeedAlert, b: FeedAlert): number => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0);

/** Returns the rows of a view, sorted; ties by key, so that equal alerts never swap. */
export function listOf(
  alerts: readonly FeedAlert[],
  { view, q, severity: only, template, sort }: AlertsAddress,
  viewing: Viewing,
): FeedAlert[] {
  const order = view === 'history' && sort === 'urgency' ? newestResolved : orders[sort];
  const words = wordsOf(q);
  return alerts
    .filter(
      (alert) =>
        inView(alert, view, viewing) &&
        (only === undefined || alert.severity === only) &&
        (template === undefined || alert.templateCode === template) &&
        hasWords(alert, words),
    )
    .sort((a, b) => order(a, b) || compareKeys(a, b));
}

export function countsOf(alerts: readonly FeedAlert[], viewing: Viewing): Record<View, number> {
  const counts: Record<View, number> = { mine: 0, unowned: 0, firing: 0, snoozed: 0, silenced: 0, history: 0 };
  for (const alert of alerts) for (const view of views) if (inView(alert, view, viewing)) counts[view]++;
  return counts;
}

/** Returns the number of alerts in a view for each ready rule from which their rules were made. */
export const readyRulesIn = (alerts: readonly FeedAlert[], view: View, viewing: Viewing): Map<string, number> =>
  countReadyRules(alerts.filter((one) => inView(one, view, viewing)));

/** Returns the most urgent severity of some alerts. */
export function worst(alerts: readonly FeedAlert[]): FeedAlert['severity'] | null {
  return severities.findLast((one) => alerts.some((alert) => alert.severity === one)) ?? null;
}
