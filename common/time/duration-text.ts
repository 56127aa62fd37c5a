import { dayMs, hourMs, minuteMs, secondMs } from './durations.ts';

/** The units in which durations are typed, in English and in Arabic. A bare number is seconds. */
const unitMs: Record<string, number> = {
  ms: 1,
  s: secondMs,
  sec: secondMs,
  m: minuteMs,
  min: minuteMs,
  h: hourMs,
  d: dayMs,
  w: 7 * dayMs,
  'م.ث': 1,
  ث: secondMs,
  د: minuteMs,
  س: hourMs,
  ي: dayMs,
};
const part = /(\d+(?:[.,]\d+)?)\s*([a-z]+|[\u0600-\u06ff.]+)?\s*/y;

/** Parses a duration as people type it: `90`, `5m`, `1 h 30 min`, `1.5 h`, `5 د`. @returns ms; NaN if it isn't one */
export function parseDuration(text: string): number {
  const typed = text.trim().toLowerCase();
  let total = Number.NaN;
  part.lastIndex = 0;
  for (let match = part.exec(typed); match; match = part.exec(typed)) {
    const [, count = '', unit] = match;
    const ms = unitMs[unit ?? 's'];
    // "5 min 30" is ambiguous: only a number by itself may go without a unit.
    if (ms === undefined || (unit === undefined && match[0].length < typed.length)) return Number.NaN;
    total = (Number.isNaN(total) ? 0 : total) + Number(count.replace(',', '.')) * ms;
    if (part.lastIndex === typed.length) return Math.round(total);
  }
  return Number.NaN;
}
