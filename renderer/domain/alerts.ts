import { urgencyOf } from '#common/alerts/urgency.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { formatNumber } from '#common/format.ts';

/** Firing, and neither taken nor put off by anyone. */
export const isUnowned = (alert: FeedAlert): boolean => alert.state === 'FIRING' && !alert.acknowledgement && !alert.snooze;

/** The order of alerts on every screen: the most urgent first, then the newest; equal ones by id, so that they never swap. */
export function byUrgency(a: FeedAlert, b: FeedAlert): number {
  return urgencyOf(b.severity) - urgencyOf(a.severity) || b.firedAt - a.firedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** A count where there is room for three figures: `374`, `999+`. */
export const shortCount = (count: number): string => (count > 999 ? '999+' : String(count));

/** The length of a list that is cut at `limit`: one that is full may well have more. */
export const listedCount = (count: number, limit: number): string => (count >= limit ? `${formatNumber(limit)}+` : formatNumber(count));

/** Alerts that wait for a person, most urgent first. */
export const needsSomeone = (alerts: readonly FeedAlert[]): FeedAlert[] => alerts.filter(isUnowned).sort(byUrgency);

/** Alerts that fire and that someone has, most urgent first. */
export const inHand = (alerts: readonly FeedAlert[]): FeedAlert[] =>
  alerts.filter((alert) => alert.state === 'FIRING' && !isUnowned(alert)).sort(byUrgency);

/** Of several label sets, what tells each from the others: what all share is left out. A single one keeps everything. */
export function distinctNames(sets: readonly Readonly<Record<string, string>>[]): string[] {
  if (sets.length < 2) return sets.map(seriesName);
  const telling = (name: string) => sets.some((set) => set[name] !== sets[0]?.[name]);
  return sets.map((set) => seriesName(Object.fromEntries(Object.entries(set).filter(([name]) => telling(name)))));
}

/** What tells one series of a rule from another, short enough for a row: `belt-2`, `node-1 /var`. A segment says enough without its loader. */
export function seriesName(labels: Readonly<Record<string, string>>): string {
  const { loader, ...others } = labels;
  return Object.values('segment' in others || loader === undefined ? others : labels).join(' ');
}
