/** Which clock a time without a zone is read in. */
export type Clock = 'local' | 'utc';

/** A point in time that either moves with now or stands still. */
export type Instant = { kind: 'now'; offsetMs: number } | { kind: 'at'; ms: number };

/** What a person asked for; it stays relative until it is drawn. */
export interface TimeRange {
  from: Instant;
  to: Instant;
}

/** A stretch of time, epoch ms, half-open. */
export interface Span {
  from: number;
  to: number;
}

export type RangeProblem = 'empty' | 'unreadable' | 'reversed' | 'too-short' | 'too-long';
export type ParsedRange = { ok: true; range: TimeRange } | { ok: false; problem: RangeProblem; text: string };

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export const shortestSpanMs = 10 * second;
export const longestSpanMs = 2 * 366 * day;

/** Relative ranges offered without typing. */
export const presets = ['1h', '6h', '24h', '7d', '30d'] as const;
export type Preset = (typeof presets)[number];

const unitMs: Record<string, number> = { s: second, m: minute, h: hour, d: day, w: 7 * day };

export const lastMs = (ms: number): TimeRange => ({ from: { kind: 'now', offsetMs: -ms }, to: { kind: 'now', offsetMs: 0 } });
export const between = (span: Span): TimeRange => ({ from: { kind: 'at', ms: span.from }, to: { kind: 'at', ms: span.to } });
export const defaultRange = lastMs(6 * hour);

/** @returns true when the end of the range is now, so that new points belong to it. */
export const isLive = (range: TimeRange): boolean => range.to.kind === 'now' && range.to.offsetMs >= 0;

const instantMs = (instant: Instant, now: number): number => (instant.kind === 'now' ? now + instant.offsetMs : instant.ms);

/** The stretch of time a range means at `now`. */
export const resolveRange = (range: TimeRange, now: number): Span => ({ from: instantMs(range.from, now), to: instantMs(range.to, now) });

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

/** `dayEnd` is set for a date without a time: where that day ends, by the calendar. */
function parseInstant(text: string, now: number, clock: Clock): { instant: Instant; dayEnd?: number } | null {
  if (text === 'now') return { instant: { kind: 'now', offsetMs: 0 } };
  const relative = /^now\s*-\s*(.+)$/.exec(text);
  if (relative) {
    const ms = parseLength(relative[1] ?? '');
    return ms === null ? null : { instant: { kind: 'now', offsetMs: -ms } };
  }
  const full = /^(\d{4})-(\d{2})-(\d{2})(?:[t ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(z)?)?$/.exec(text);
  if (full) {
    const zone: Clock = full[7] ? 'utc' : clock;
    const [y, mo, d] = [Number(full[1]), Number(full[2]), Number(full[3])];
    if (full[4] === undefined) {
      const start = calendarMs(zone, [y, mo, d]);
      if (start === null) return null;
      const next = new Date(start);
      if (zone === 'utc') next.setUTCDate(next.getUTCDate() + 1);
      else next.setDate(next.getDate() + 1);
      return { instant: { kind: 'at', ms: start }, dayEnd: next.getTime() };
    }
    const ms = calendarMs(zone, [y, mo, d, Number(full[4]), Number(full[5]), Number(full[6] ?? 0)]);
    return ms === null ? null : { instant: { kind: 'at', ms } };
  }
  const timeOfDay = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (timeOfDay) {
    const today = new Date(now);
    const [y, mo, d] =
      clock === 'utc'
        ? [today.getUTCFullYear(), today.getUTCMonth() + 1, today.getUTCDate()]
        : [today.getFullYear(), today.getMonth() + 1, today.getDate()];
    const ms = calendarMs(clock, [y, mo, d, Number(timeOfDay[1]), Number(timeOfDay[2]), Number(timeOfDay[3] ?? 0)]);
    return ms === null ? null : { instant: { kind: 'at', ms } };
  }
  return null;
}

/**
 * Reads a range as people write it: `6h`, `last 6h`, `now-6h`, `now-7d to now-1d`, `2026-11-20`,
 * `2026-11-20 10:00 .. 2026-11-20 12:00`, `10:00..12:00`. Times without `Z` are in `clock`.
 */
export function parseRange(input: string, now: number, clock: Clock = 'local'): ParsedRange {
  const text = input.trim().toLowerCase().replace(/\s+/g, ' ');
  const fail = (problem: RangeProblem): ParsedRange => ({ ok: false, problem, text: input.trim() });
  if (text === '') return fail('empty');

  const ends = text.split(/\s*(?:\.\.|→|–)\s*|\s+to\s+/);
  let range: TimeRange;
  if (ends.length === 1) {
    const length = parseLength(text.replace(/^last /, ''));
    const single = parseInstant(text, now, clock);
    if (length !== null) range = lastMs(length);
    else if (single?.dayEnd !== undefined) range = { from: single.instant, to: { kind: 'at', ms: single.dayEnd } };
    else if (single) range = { from: single.instant, to: { kind: 'now', offsetMs: 0 } };
    else return fail('unreadable');
  } else {
    const [first, second_] = [parseInstant(ends[0] ?? '', now, clock), parseInstant(ends[1] ?? '', now, clock)];
    if (ends.length !== 2 || !first || !second_) return fail('unreadable');
    range = { from: first.instant, to: second_.dayEnd === undefined ? second_.instant : { kind: 'at', ms: second_.dayEnd } };
  }

  const { from, to } = resolveRange(range, now);
  if (from >= to) return fail('reversed');
  if (to - from < shortestSpanMs) return fail('too-short');
  if (to - from > longestSpanMs) return fail('too-long');
  return { ok: true, range };
}

/** A length in the largest unit that writes it whole: `90m`, `24h`, `7d`. Up to two days it stays in hours. */
export function lengthText(ms: number): string {
  if (ms % day === 0 && ms > 2 * day) return `${ms / day}d`;
  if (ms % hour === 0) return `${ms / hour}h`;
  if (ms % minute === 0) return `${ms / minute}m`;
  return `${Math.round(ms / second)}s`;
}

function instantText(instant: Instant): string {
  if (instant.kind === 'at') return `${new Date(instant.ms).toISOString().slice(0, 19)}Z`;
  return instant.offsetMs === 0 ? 'now' : `now-${lengthText(-instant.offsetMs)}`;
}

/** The form kept in the address; `parseRange` reads it back to the same range (whole seconds). */
export function rangeText(range: TimeRange): string {
  if (isLive(range) && range.from.kind === 'now') return instantText(range.from);
  return `${instantText(range.from)}..${instantText(range.to)}`;
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
export function alignSpan(span: Span, bucketMs: number): Span {
  if (bucketMs <= 0) return span;
  return { from: Math.floor(span.from / bucketMs) * bucketMs, to: Math.ceil(span.to / bucketMs) * bucketMs };
}

/** Scales a stretch about `at`, which keeps its place on screen. A `factor` below 1 zooms in. */
export function zoomSpan(span: Span, at: number, factor: number): Span {
  const width = span.to - span.from;
  const wanted = Math.min(longestSpanMs, Math.max(shortestSpanMs, width * factor));
  const share = width === 0 ? 0.5 : (at - span.from) / width;
  const from = Math.round(at - share * wanted);
  return { from, to: from + Math.round(wanted) };
}

/** Moves a stretch by a share of its width, never so that it starts after `now`. */
export function panSpan(span: Span, share: number, now: number): Span {
  const width = span.to - span.from;
  const from = Math.min(Math.round(span.from + share * width), now - shortestSpanMs);
  return { from, to: from + width };
}
