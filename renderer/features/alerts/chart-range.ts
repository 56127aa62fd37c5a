import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { ViewRange } from '#renderer/domain/queries/index.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Lengths of live ranges, in steps, so that the query stays the same while time passes. */
const lengths = [
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  4 * day,
  8 * day,
  16 * day,
  32 * day,
  64 * day,
];
const minLead = 10 * minute;

/** Returns the range to draw for an alert: its firing, plus a third of its length or ten minutes around it for comparison. */
export function chartRange({ startedAt, resolvedAt }: Pick<FeedAlert, 'startedAt' | 'resolvedAt'>, now: number): ViewRange {
  const lead = Math.max(minLead, Math.round(((resolvedAt ?? now) - startedAt) / 3));
  if (resolvedAt !== null) return { from: startedAt - lead, to: resolvedAt + lead };
  const wanted = now - startedAt + lead;
  return { lastMs: lengths.find((length) => length >= wanted) ?? wanted };
}
