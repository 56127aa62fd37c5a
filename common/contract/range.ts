import { z } from 'zod';
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

/** The last `ms` milliseconds, two fixed times (epoch ms), or a range relative to the current time in the reader's time zone. */
export const timeRange = z.union([
  z.strictObject({ lastMs: durationMs.min(1_000) }),
  z.strictObject({ from: epochMsInput, to: epochMsInput }),
  relativeRange,
]);
export type TimeRange = z.infer<typeof timeRange>;
