import type { Alert } from '#common/contract/alerts.ts';
import type { Notice, Settings } from '#common/contract/console/settings.ts';
import { severities } from '#common/contract/primitives.ts';

/** More popups than this within the window are folded into one. */
export const stormAbove = 5;
export const stormWindowMs = 10_000;

export type Suppression = Notice['suppressed'];

/** A notice before it has an id. `pops` is false for what happened while the console was disconnected: it only goes to the inbox. */
export interface NoticeDraft {
  kind: 'fired' | 'resolved';
  alert: Alert;
  suppressed: Suppression;
  pops: boolean;
}

/** Returns whether a local time of day, in minutes, is within the quiet hours, which may cross midnight. Equal ends mean all day. */
export function isQuiet(quiet: Settings['quietHours'], minuteOfDay: number): boolean {
  if (!quiet.enabled) return false;
  if (quiet.from < quiet.to) return quiet.from <= minuteOfDay && minuteOfDay < quiet.to;
  return quiet.from <= minuteOfDay || minuteOfDay < quiet.to;
}

export interface NoticeContext {
  /** Epoch ms. */
  now: number;
  /** Local. */
  minuteOfDay: number;
  quiet: Settings['quietHours'];
}

/** Returns why this alert does not pop up now; null when it does. Storms concern many alerts: see `fold`. */
export function suppressionOf(alert: Alert, kind: NoticeDraft['kind'], at: NoticeContext): Suppression {
  const { acknowledgement, snooze } = alert;
  if (kind === 'fired' && acknowledgement !== null && (acknowledgement.expiresAt ?? Number.POSITIVE_INFINITY) > at.now)
    return 'acknowledged';
  if (snooze !== null && snooze.until > at.now) return 'snoozed';
  if (alert.suppressed) return 'suppression-window';
  if (alert.severity !== 'CRITICAL' && isQuiet(at.quiet, at.minuteOfDay)) return 'quiet-hours';
  return null;
}

/**
 * Returns the notice that a newer copy of an alert deserves, or null. `before` is the copy the console had, undefined when it had none;
 * `isKnownBackend` is false on the first contact with this backend: alerts that resolved before it are not announced.
 */
export function draftOf(before: Alert | undefined, after: Alert, isKnownBackend: boolean, at: NoticeContext): NoticeDraft | null {
  if (after.state === 'FIRING') {
    if (before !== undefined) return null;
    return { kind: 'fired', alert: after, suppressed: suppressionOf(after, 'fired', at), pops: true };
  }
  if (before?.state === 'FIRING') return { kind: 'resolved', alert: after, suppressed: suppressionOf(after, 'resolved', at), pops: true };
  // It fired and resolved while the console was offline: for the inbox, not for a popup.
  if (before === undefined && isKnownBackend) return { kind: 'resolved', alert: after, suppressed: null, pops: false };
  return null;
}

/**
 * Folds a storm into one notice. `recent` counts the firings that were shown or folded within the last `stormWindowMs`; `storming` is true
 * when the last of them was folded.
 * @returns the drafts, folded ones marked `storm`, and whether a storm notice replaces them
 */
export function fold(drafts: readonly NoticeDraft[], recent: number, storming: boolean): { drafts: NoticeDraft[]; storm: boolean } {
  const loud = drafts.filter((draft) => draft.kind === 'fired' && draft.suppressed === null);
  const storm = loud.length > 0 && (storming || recent + loud.length > stormAbove);
  if (!storm) return { drafts: [...drafts], storm };
  return { drafts: drafts.map((draft) => (loud.includes(draft) ? { ...draft, suppressed: 'storm' } : draft)), storm };
}

export function worst(of: readonly Notice['severity'][]): Notice['severity'] {
  return of.reduce((a, b) => (severities.indexOf(b) > severities.indexOf(a) ? b : a), 'INFO');
}
