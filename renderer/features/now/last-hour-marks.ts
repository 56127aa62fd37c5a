import { urgencyOf } from '#common/alerts/urgency.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Loader } from '#common/contract/loaders.ts';
import type { Severity } from '#common/contract/primitives.ts';
import { hourMs } from '#common/time/durations.ts';
import { alertSeries } from '#renderer/domain/alerts.ts';

export const lanes = ['fired', 'acknowledged', 'resolved', 'loadersLane'] as const;
type Lane = (typeof lanes)[number];

/** A mark for one event, or for several that would overlap. */
export interface LastHourMark {
  key: string;
  lane: Lane;
  /** Its position: the middle of its time step, ms. Marks of a lane are at least one step apart. */
  middle: number;
  /** Time of the first event, ms. */
  at: number;
  /** Time of the last event, ms. */
  to: number;
  count: number;
  /** Name of the most urgent event. */
  label: string;
  /** Highest severity among alerts that fired. */
  severity: Severity | null;
  /** The alert or loader it links to, if there is only one. */
  target: { kind: 'alert'; connectionId: string; id: string } | { kind: 'loader'; code: string };
}

/** One event. Its label is created only if it is shown. */
interface Moment extends Pick<LastHourMark, 'lane' | 'at' | 'severity' | 'target'> {
  label: () => string;
}

/**
 * Returns the events of the last hour, oldest first. Events of a lane in the same time step are merged into one mark with their count, so
 * that there are never more marks than places to draw them.
 * @param stepMs the time that corresponds to the width of a mark
 */
export function lastHourMarks(alerts: readonly FeedAlert[], loaders: readonly Loader[], now: number, stepMs: number): LastHourMark[] {
  const marks = new Map<string, LastHourMark>();
  const add = (moment: Moment) => {
    const { lane, at, severity, target } = moment;
    if (at <= now - hourMs || at > now) return;
    const step = Math.floor(at / stepMs);
    const key = `${lane} ${step}`;
    const mark = marks.get(key);
    if (mark === undefined) {
      const middle = Math.min(now, (step + 0.5) * stepMs);
      marks.set(key, { key, lane, middle, at, to: at, count: 1, label: moment.label(), severity, target });
      return;
    }
    mark.count += 1;
    mark.at = Math.min(mark.at, at);
    mark.to = Math.max(mark.to, at);
    if (urgencyOf(severity) > urgencyOf(mark.severity)) Object.assign(mark, { severity, target, label: moment.label() });
  };
  for (const alert of alerts) {
    const target = { kind: 'alert', connectionId: alert.connectionId, id: alert.id } as const;
    const by = alert.acknowledgement ?? alert.snooze;
    const label = (name = '') => [alert.ruleName, alertSeries(alert), name].filter((part) => part !== '').join(' · ');
    add({ lane: 'fired', at: alert.firedAt, severity: alert.severity, target, label: () => label() });
    if (by) add({ lane: 'acknowledged', at: by.at, severity: null, target, label: () => label(by.by) });
    if (alert.resolvedAt !== null) add({ lane: 'resolved', at: alert.resolvedAt, severity: null, target, label: () => label() });
  }
  for (const { code, name, lastRun } of loaders) {
    if (!lastRun?.error) continue;
    const { message } = lastRun.error;
    const target = { kind: 'loader', code } as const;
    add({ lane: 'loadersLane', at: lastRun.startedAt, severity: null, target, label: () => `${name} · ${message}` });
  }
  return [...marks.values()].sort((a, b) => a.at - b.at);
}
