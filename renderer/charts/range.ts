import type { Span } from '#renderer/link/index.ts';

/** Which clock a time without a zone is read in. */
export type Clock = 'local' | 'utc';

/** A stretch of time, epoch ms, half-open. */
export interface Stretch {
  from: number;
  to: number;
}

export type RangeProblem = 'empty' | 'unreadable' | 'reversed' | 'too-short' | 'too-long';
export type ReadRange = { ok: true; span: Span } | { ok: false; problem: RangeProblem };

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Least a person can type, and least a zoom goes to, ms. */
export const shortestTypedMs = minute;
export const shortestStretchMs = 10 * second;
export const longestStretchMs = 2 * 366 * day;

/** Relative ranges offered without typing. */
export const presets = [
  { text: '1h', lastMs: hour },
  { text: '6h', lastMs: 6 * hour },
  { text: '24h', lastMs: day },
  { text: '7d', lastMs: 7 * day },
  { text: '30d', lastMs: 30 * day },
] as const;

const unitMs: Record<string, number> = { s: second, m: minute, h: hour, d: day, w: 7 * day };

function parseLength(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|h|d|w)$/.exec(text);
  const factor = match ? unitMs[match[2] ?? ''] : undefined;
  return match && factor !== undefined ? Math.round(Number(match[1]) * factor) : null;
}

function calendarMs(clock: Clock, parts: [number, number, number, number?, number?, number?]): number | null {
  const [y, mo, d, h = 0, mi = 0, s = 0] = parts;
  if (mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 || mi > 59 || s > 59) return null;
  const date = clock === 'utc' ? new Date(Date.UTC(y, mo - 1, d, h, mi, s)) : new Date(y, mo - 1, d, h, mi, s);
  const kept = clock === 'utc' ? date.getUTCDate() : date.getDate();
  return kept === d ? date.getTime() : null;
}

interface Instant {
  ms: number;
  /** Set for a date without a time: where that day ends, by the calendar. */
  dayEnd?: number;
}

function readInstant(text: string, now: number, clock: Clock): Instant | null {
  if (text === 'now') return { ms: now };
  const relative = /^now\s*-\s*(.+)$/.exec(text);
  if (relative) {
    const length = parseLength(relative[1] ?? '');
    return length === null ? null : { ms: now - length };
  }
  const full = /^(\d{4})-(\d{2})-(\d{2})(?:[t ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(z)?)?$/.exec(text);
  if (full) {
    const zone: Clock = full[7] ? 'utc' : clock;
    const [y, mo, d] = [Number(full[1]), Number(full[2]), Number(full[3])];
    const ms = calendarMs(zone, [y, mo, d, Number(full[4] ?? 0), Number(full[5] ?? 0), Number(full[6] ?? 0)]);
    if (ms === null) return null;
    return full[4] === undefined ? { ms, dayEnd: nextDay(ms, zone) } : { ms };
  }
  const timeOfDay = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (!timeOfDay) return null;
  const today = new Date(now);
  const [y, mo, d] =
    clock === 'utc'
      ? [today.getUTCFullYear(), today.getUTCMonth() + 1, today.getUTCDate()]
      : [today.getFullYear(), today.getMonth() + 1, today.getDate()];
  const ms = calendarMs(clock, [y, mo, d, Number(timeOfDay[1]), Number(timeOfDay[2]), Number(timeOfDay[3] ?? 0)]);
  return ms === null ? null : { ms };
}

/** Days have 23 or 25 hours where clocks change. */
function nextDay(ms: number, clock: Clock): number {
  const next = new Date(ms);
  if (clock === 'utc') next.setUTCDate(next.getUTCDate() + 1);
  else next.setDate(next.getDate() + 1);
  return next.getTime();
}

/**
 * Reads a range as people write it: `6h`, `last 6h`, `now-6h`, `now-7d to now-1d`, `2026-11-20`,
 * `2026-11-20 10:00 .. 2026-11-20 12:00`, `10:00..12:00`. Times without `Z` are in `clock`. What ends now stays live.
 */
export function readRange(input: string, now: number, clock: Clock = 'local'): ReadRange {
  const text = input.trim().toLowerCase().replace(/\s+/g, ' ');
  if (text === '') return { ok: false, problem: 'empty' };

  const length = parseLength(text.replace(/^last /, '').replace(/^now ?- ?/, ''));
  if (length !== null) return checked({ from: now - length, to: now }, { lastMs: carried(length) });

  const ends = text.split(/\s*(?:\.\.|→|–)\s*|\s+to\s+/);
  if (ends.length > 2) return { ok: false, problem: 'unreadable' };
  const first = readInstant(ends[0] ?? '', now, clock);
  const last = ends[1] === undefined ? null : readInstant(ends[1], now, clock);
  if (!first || (ends.length === 2 && !last)) return { ok: false, problem: 'unreadable' };
  if (ends[1] === 'now' && ends[0]?.startsWith('now')) {
    return checked({ from: first.ms, to: now }, { lastMs: carried(now - first.ms) });
  }
  const end = last ? (last.dayEnd ?? last.ms) : (first.dayEnd ?? now);
  return checked({ from: first.ms, to: end }, { from: first.ms, to: end });
}

/** Live lengths are kept in the smallest unit of which the address can carry so many (four digits). */
function carried(ms: number): number {
  const unit = [minute, hour, day].find((one) => ms / one < 9_999) ?? day;
  return Math.round(ms / unit) * unit;
}

function checked({ from, to }: Stretch, span: Span): ReadRange {
  if (from >= to) return { ok: false, problem: 'reversed' };
  if (to - from < shortestTypedMs) return { ok: false, problem: 'too-short' };
  if (to - from > longestStretchMs) return { ok: false, problem: 'too-long' };
  return { ok: true, span };
}

const bucketSteps = [1, 2, 5, 10, 15, 30]
  .map((n) => n * second)
  .concat([1, 2, 5, 10, 15, 30].map((n) => n * minute))
  .concat([1, 2, 3, 6, 12].map((n) => n * hour))
  .concat([1, 7].map((n) => n * day));

/** Widths a person can choose from, ms. */
export const bucketChoices: readonly number[] = bucketSteps.filter((step) => step >= 2 * second);

/** Screen pixels a bucket takes at least: closer points could not be told apart. */
const pixelsPerBucket = 2;

/** The narrowest bucket, ms, that leaves every point about two pixels of a plot `widthPx` wide. */
export function chooseBucket(spanMs: number, widthPx: number): number {
  const most = Math.max(1, Math.floor(widthPx / pixelsPerBucket));
  return bucketSteps.find((step) => spanMs / step <= most) ?? bucketSteps.at(-1) ?? day;
}

/** Widens a stretch to whole buckets, so that asking again a moment later asks for the same buckets. */
export function alignStretch(span: Stretch, bucketMs: number): Stretch {
  if (bucketMs <= 0) return span;
  return { from: Math.floor(span.from / bucketMs) * bucketMs, to: Math.ceil(span.to / bucketMs) * bucketMs };
}

/** Scales a stretch about `at`, which keeps its place on screen. A `factor` below 1 zooms in. */
export function zoomStretch(span: Stretch, at: number, factor: number): Stretch {
  const width = span.to - span.from;
  const wanted = Math.min(longestStretchMs, Math.max(shortestStretchMs, width * factor));
  const share = width === 0 ? 0.5 : (at - span.from) / width;
  const from = Math.round(at - share * wanted);
  return { from, to: from + Math.round(wanted) };
}

/** Moves a stretch by a share of its width, never so that it starts after `now`. */
export function panStretch(span: Stretch, share: number, now: number): Stretch {
  const width = span.to - span.from;
  const from = Math.min(Math.round(span.from + share * width), now - shortestStretchMs);
  return { from, to: from + width };
}

/** The same time as fewest stretches, in order: what overlaps or touches becomes one; what is empty is left out. */
export function mergeStretches(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const { from, to } of [...stretches].filter((one) => one.to > one.from).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** True when nothing of `whole` lies outside the missing stretches. */
export const isAllMissing = (missing: readonly Stretch[], whole: Stretch): boolean =>
  mergeStretches(missing).some((one) => one.from <= whole.from && one.to >= whole.to);

/**
 * What of a stretch nobody knows: the parts that could not be had, and while its live edge is not being kept up to date, all after
 * the last answer.
 * @param asOf when the last answer came, ms; null when none did
 */
export function unknownIn(stretch: Stretch, missing: readonly Stretch[], asOf: number | null, current: boolean): Stretch[] {
  if (current) return mergeStretches(missing);
  return mergeStretches([...missing, { from: Math.max(stretch.from, asOf ?? stretch.from), to: stretch.to }]);
}
