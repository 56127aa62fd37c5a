import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Loader } from '#common/contract/loaders.ts';
import type { Severity } from '#common/contract/primitives.ts';
import { seriesName } from '#renderer/ui/alerts.ts';

export const hourMs = 3_600_000;
export const lanes = ['fired', 'taken', 'resolved', 'loadersLane'] as const;
export type Lane = (typeof lanes)[number];

/** Something that happened in the last hour. */
export interface Mark {
  key: string;
  lane: Lane;
  /** ms */
  at: number;
  label: string;
  severity: Severity | null;
  /** The alert or loader it leads to. */
  target: { kind: 'alert'; connectionId: string; id: string } | { kind: 'loader'; code: string };
}

/** What changed since an hour before `now`, oldest first. */
export function lastHourMarks(alerts: readonly FeedAlert[], loaders: readonly Loader[], now: number): Mark[] {
  const marks: Mark[] = [];
  const add = (lane: Lane, at: number | null | undefined, alert: FeedAlert, by = '') => {
    if (at === null || at === undefined) return;
    marks.push({
      key: `${lane} ${alert.connectionId} ${alert.id}`,
      lane,
      at,
      label: [alert.ruleName, seriesName(alert.labels), by].filter((part) => part !== '').join(' · '),
      severity: lane === 'fired' ? alert.severity : null,
      target: { kind: 'alert', connectionId: alert.connectionId, id: alert.id },
    });
  };
  for (const alert of alerts) {
    add('fired', alert.firedAt, alert);
    add('taken', alert.acknowledgement?.at ?? alert.snooze?.at, alert, alert.acknowledgement?.by ?? alert.snooze?.by);
    add('resolved', alert.resolvedAt, alert);
  }
  for (const { code, name, lastRun } of loaders) {
    if (!lastRun?.error) continue;
    marks.push({
      key: `loader ${code}`,
      lane: 'loadersLane',
      at: lastRun.startedAt,
      label: `${name} · ${lastRun.error.message}`,
      severity: null,
      target: { kind: 'loader', code },
    });
  }
  return marks.filter((mark) => mark.at > now - hourMs && mark.at <= now).sort((a, b) => a.at - b.at);
}
