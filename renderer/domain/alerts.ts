import { urgencyOf } from '#common/alerts/urgency.ts';
import { seriesLabels } from '#common/contract/alerts.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { formatNumber } from '#common/format.ts';

/** True if an alert is firing and neither acknowledged nor snoozed. */
export const isUnowned = (alert: FeedAlert): boolean => alert.state === 'FIRING' && !alert.acknowledgement && !alert.snooze;

/** Sorts alerts as on every screen: the most urgent first, then the newest; ties by id, so that they never swap. */
export function byUrgency(a: FeedAlert, b: FeedAlert): number {
  return urgencyOf(b.severity) - urgencyOf(a.severity) || b.firedAt - a.firedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** Formats a count in three digits: `374`, `999+`. */
export const shortCount = (count: number): string => (count > 999 ? '999+' : String(count));

/** Formats the length of a list that is cut at `limit`: a full one may be longer. */
export const listedCount = (count: number, limit: number): string => (count >= limit ? `${formatNumber(limit)}+` : formatNumber(count));

/** Returns alerts without an owner, most urgent first. */
export const withoutOwner = (alerts: readonly FeedAlert[]): FeedAlert[] => alerts.filter(isUnowned).sort(byUrgency);

/** Returns firing alerts with an owner, most urgent first. */
export const withOwner = (alerts: readonly FeedAlert[]): FeedAlert[] =>
  alerts.filter((alert) => alert.state === 'FIRING' && !isUnowned(alert)).sort(byUrgency);

/** Names label sets by the labels that differ between them. A single set keeps all its labels. */
export function distinctNames(sets: readonly Readonly<Record<string, string>>[]): string[] {
  if (sets.length < 2) return sets.map(seriesName);
  const telling = (name: string) => sets.some((set) => set[name] !== sets[0]?.[name]);
  return sets.map((set) => seriesName(Object.fromEntries(Object.entries(set).filter(([name]) => telling(name)))));
}

/** Names the series of an alert; the labels that its rule adds are left out. */
export const alertSeries = (alert: Pick<FeedAlert, 'labels' | 'ruleLabels'>): string => seriesName(seriesLabels(alert));

/** Names a series of a rule, short enough for a row: `belt-2`, `node-1 /var`. A segment is named without its loader. */
export function seriesName(labels: Readonly<Record<string, string>>): string {
  const { loader, ...others } = labels;
  return Object.values('segment' in others || loader === undefined ? others : labels).join(' ');
}
