import { z } from 'zod';
import { dayMs, hourMs, minuteMs, weekMs } from '../time/durations.ts';
import { durationMs, epochMsInput } from './primitives.ts';

/**
 * One end of a range that moves with the clock, in Grafana's notation: `now`, steps back and forth (`now-1M`), and rounding to a
 * calendar unit (`now-1M/M`: to its start as the first end, to its end as the second). Units are s, m (minute), h, d, w, M (month),
 * Q (quarter) and y. Also a time on a day that moves (`today 08:00`), and a fixed time in UTC (`2026-11-20T13:00:00.000Z`).
 */
export const timeExpression = z
  .string()
  .max(80)
  .regex(
    /^(?:now(?:[+-]\d{1,6}(?:\.\d{1,3})?[smhdwMQy]|\/[smhdwMQy])*|(?:today|yesterday) (?:[01]\d|2[0-4]):[0-5]\d(?::[0-5]\d)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z)$/,
    'Write a time as now, now-6h, now/d or now-1M/M, with the units s, m, h, d, w, M (month), Q and y.',
  );

const isMoving = (text: string) => !/^\d/.test(text);

/** A range at least one end of which moves with the clock: `{ from: 'now/d', to: 'now' }` is today so far, whenever it is read. */
export const relativeRange = z
  .strictObject({ from: timeExpression, to: timeExpression })
  .refine(({ from, to }) => isMoving(from) || isMoving(to), 'Give two fixed times as epoch milliseconds.');
export type RelativeRange = z.infer<typeof relativeRange>;

/** The last so many ms, two fixed times (epoch ms), or a range that moves with the clock in the reader's time zone. */
export const timeRange = z.union([
  z.strictObject({ lastMs: durationMs.min(1_000) }),
  z.strictObject({ from: epochMsInput, to: epochMsInput }),
  relativeRange,
]);
export type TimeRange = z.infer<typeof timeRange>;

/** A range as contract 1 knew it. */
export type FormerRange = Exclude<TimeRange, RelativeRange>;

/** The longest that each unit gets, ms, but for the hour that clocks are put back. */
const longestMs = { s: 1_000, m: minuteMs, h: hourMs, d: dayMs, w: weekMs, M: 31 * dayMs, Q: 92 * dayMs, y: 366 * dayMs };

/** How far before now a moving start lies at most, ms. */
function reachOf(text: string): number {
  if (!text.startsWith('now')) return text.startsWith('today') ? dayMs : 2 * dayMs;
  let reachMs = 0;
  for (const [, sign, count, unit, rounded] of text.matchAll(/([+-])([\d.]+)([smhdwMQy])|\/([smhdwMQy])/g)) {
    const lengthMs = longestMs[(unit ?? rounded) as keyof typeof longestMs];
    reachMs += rounded === undefined ? (sign === '-' ? 1 : -1) * Number(count) * lengthMs : lengthMs;
  }
  return Math.max(1_000, Math.round(reachMs));
}

/**
 * The range in the form of contract 1, long enough to hold what is meant: of “today so far” the last 24 hours, which move with the
 * clock as well.
 * @param now ms, the end of what begins at a fixed time
 */
export function toFormerRange(range: TimeRange, now: number): FormerRange {
  if (!('from' in range) || typeof range.from === 'number') return range as FormerRange;
  return isMoving(range.from) ? { lastMs: reachOf(range.from) } : { from: Date.parse(range.from), to: now };
}

/** Whether a console of contract 1 that was given `range` has sent it back as it was. */
export function isFormerRangeOf(sent: TimeRange, range: TimeRange): boolean {
  if (!('from' in range) || typeof range.from === 'number') return false;
  const former = toFormerRange(range, 0);
  return 'lastMs' in former ? 'lastMs' in sent && sent.lastMs === former.lastMs : 'from' in sent && sent.from === former.from;
}
