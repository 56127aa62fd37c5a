import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { AlertMatcher } from '#common/contract/policies.ts';
import { findMatchersProblem, type MatchersProblem, matchesAll, policyLabels } from '#common/policies/matchers.ts';
import { dayMs, hourMs } from '#common/time/durations.ts';
import { atWall, type Clock, wallOf, zoneOf } from '#common/time/zone.ts';

/** Durations that the form offers, ms, as the values of its choice. */
export const durations = [hourMs, 4 * hourMs, 8 * hourMs].map(String);
/** The backend refuses longer silences, ms. */
const maxSilenceMs = 90 * dayMs;
/** With more different values than this, a label isn't used to select the alerts. */
const maxValues = 20;

/** A silence as a person enters it. */
export interface SilenceDraft {
  matchers: AlertMatcher[];
  /** One of `durations`, or `until`. */
  duration: string;
  /** When it ends, on the person's clock: `2026-11-28 14:00` or `14:00`. */
  until: string;
  reason: string;
}

/** Returns matchers that select some alerts: by the labels that all of them have, with their values. */
export function matchersOf(alerts: readonly FeedAlert[]): AlertMatcher[] {
  const [first, ...others] = alerts.map(({ ruleName, labels }): Record<string, string> => ({ alertname: ruleName, ...labels }));
  if (first === undefined) return [];
  return Object.keys(first).flatMap((name): AlertMatcher[] => {
    const values = [...new Set([first, ...others].map((labels) => labels[name]))];
    if (values.includes(undefined) || values.length > maxValues) return [];
    const [value = ''] = values;
    if (values.length === 1) return [{ name, operator: '=', value }];
    return [{ name, operator: '=~', value: values.map((one) => escapeExpression(one ?? '')).join('|') }];
  });
}

/** Puts a backslash before every character that has a meaning in a regular expression. */
const escapeExpression = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Returns when a silence made now ends, ms; null if the time isn't readable. A time of day is the next one. */
export function endOf({ duration, until }: Pick<SilenceDraft, 'duration' | 'until'>, now: number, clock: Clock): number | null {
  if (duration !== 'until') return now + Number(duration);
  const zone = zoneOf(clock);
  const found = /^(?:(\d{4}-\d\d-\d\d)[ T]+)?(\d{1,2}:\d\d)$/.exec(until.trim());
  if (found === null) return null;
  const [, date, time = ''] = found;
  const dayOf = (wall: number) => new Date(wall).toISOString().slice(0, 10);
  const wallAt = (day: string) => Date.parse(`${day}T${time.padStart(5, '0')}Z`);
  const today = dayOf(wallOf(now, zone));
  const wall = wallAt(date ?? today);
  // JavaScript reads the 31st of a shorter month as a day of the next one.
  if (Number.isNaN(wall) || dayOf(wall) !== (date ?? today)) return null;
  const at = atWall(wall, zone);
  return date === undefined && at <= now ? atWall(wall + dayMs, zone) : at;
}

/** What a person has to mend in the form, by field. */
export interface SilenceProblems {
  /** Of a matcher, by its index. */
  names: number[];
  matchers: MatchersProblem | null;
  until: 'unreadable' | 'past' | 'too_long' | null;
  reason: boolean;
}

export function findSilenceProblems(draft: SilenceDraft, now: number, clock: Clock): SilenceProblems {
  const end = endOf(draft, now, clock);
  return {
    names: draft.matchers.flatMap(({ name }, index) => (name.trim() === '' ? [index] : [])),
    matchers: findMatchersProblem(draft.matchers),
    until: end === null ? 'unreadable' : end <= now ? 'past' : end - now > maxSilenceMs ? 'too_long' : null,
    reason: draft.reason.trim() === '',
  };
}

export const isSound = ({ names, matchers, until, reason }: SilenceProblems): boolean =>
  names.length === 0 && matchers === null && until === null && !reason;

/** Returns the firing alerts of a connection that matchers select; null if the matchers can't be used. */
export function selectedBy(matchers: readonly AlertMatcher[], alerts: readonly FeedAlert[], connectionId: string): FeedAlert[] | null {
  if (findMatchersProblem(matchers) !== null) return null;
  return alerts.filter(
    (alert) => alert.connectionId === connectionId && alert.state === 'FIRING' && matchesAll(matchers, policyLabels(alert)),
  );
}
