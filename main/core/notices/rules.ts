import type { Alert } from '#common/contract/alerts.ts';
import type { Notice, Settings } from '#common/contract/console/settings.ts';
import type { NotificationPath, PathStep } from '#common/contract/policies.ts';
import { severities } from '#common/contract/primitives.ts';

/** More popups than this within the window are folded into one. */
export const stormAbove = 5;
export const stormWindowMs = 10_000;

type Suppression = Notice['suppressed'];

/** A notice before it has an id. `pops` is false for what happened while the console was disconnected: it only goes to the inbox. */
export interface NoticeDraft {
  kind: 'fired' | 'resolved';
  alert: Alert;
  suppressed: Suppression;
  /** The step that keeps the alert from notifying; null if none does, or if the reason is this console's own. */
  stop: PathStep | null;
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
  /** Returns the way of an alert through the policies of its backend, as they are now. */
  pathOf: (alert: Alert) => NotificationPath;
}

const suppressionBy = {
  inhibition: 'inhibited',
  silence: 'silenced',
  maintenance: 'maintenance',
  acknowledgement: 'acknowledged',
  snooze: 'snoozed',
  suppression: 'suppression-window',
} as const satisfies Record<PathStep['step'], Suppression>;

/** Returns why this alert does not pop up now. Storms concern many alerts: see `fold`. */
export function suppressionOf(alert: Alert, kind: NoticeDraft['kind'], at: NoticeContext): Pick<NoticeDraft, 'suppressed' | 'stop'> {
  // The owner of an alert wants to know that it has resolved.
  const { steps } = at.pathOf(kind === 'resolved' ? { ...alert, acknowledgement: null } : alert);
  const stop = steps.find((step) => step.stop !== null) ?? null;
  if (stop !== null) return { suppressed: suppressionBy[stop.step], stop };
  const isHeld = alert.severity !== 'CRITICAL' && isQuiet(at.quiet, at.minuteOfDay);
  return { suppressed: isHeld ? 'quiet-hours' : null, stop: null };
}

/**
 * Returns the notice that a newer copy of an alert deserves, or null. `before` is the copy the console had, undefined when it had none;
 * `isKnownBackend` is false on the first contact with this backend: alerts that resolved before it are not announced.
 */
export function draftOf(before: Alert | undefined, after: Alert, isKnownBackend: boolean, at: NoticeContext): NoticeDraft | null {
  if (after.state === 'FIRING') {
    if (before !== undefined) return null;
    return { kind: 'fired', alert: after, ...suppressionOf(after, 'fired', at), pops: true };
  }
  if (before?.state === 'FIRING') return { kind: 'resolved', alert: after, ...suppressionOf(after, 'resolved', at), pops: true };
  // It fired and resolved while the console was offline: for the inbox, not for a popup.
  if (before === undefined && isKnownBackend) return { kind: 'resolved', alert: after, suppressed: null, stop: null, pops: false };
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
