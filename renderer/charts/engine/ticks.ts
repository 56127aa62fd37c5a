/** The clock times are read on. */
export type Clock = 'local' | 'utc';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const month = 30 * day;
const year = 365 * day;

const fixedSteps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14].map((n) => n * day),
];
/** Steps of the calendar, in months. */
const calendarSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600];

const offsetMs = (at: number, clock: Clock): number => (clock === 'utc' ? 0 : -new Date(at).getTimezoneOffset() * minute);

export interface TimeTicks {
  at: number[];
  /** Distance of the ticks, ms; of months about. */
  step: number;
}

/** Times to label: whole steps of the person's clock, across changes of its offset too; months and years by the calendar. */
export function timeTicks(from: number, to: number, most: number, clock: Clock): TimeTicks {
  const longest = (to - from) / Math.max(1, most);
  const step = fixedSteps.find((one) => one >= longest);
  return step === undefined ? calendarTicks(from, to, longest, clock) : clockTicks(from, to, step, clock);
}

function clockTicks(from: number, to: number, step: number, clock: Clock): TimeTicks {
  const at: number[] = [];
  const start = Math.ceil((from + offsetMs(from, clock)) / step) * step;
  for (let wall = start; ; wall += step) {
    // The offset that holds at that wall time: guessed once, then corrected.
    const guess = wall - offsetMs(wall - offsetMs(from, clock), clock);
    const time = wall - offsetMs(guess, clock);
    // Said this way round, a stretch that is no number ends here too.
    if (!(time <= to)) break;
    if (time >= from && time > (at.at(-1) ?? Number.NEGATIVE_INFINITY)) at.push(time);
    if (at.length > 200) break;
  }
  return { at, step };
}

function calendarTicks(from: number, to: number, longest: number, clock: Clock): TimeTicks {
  const months = calendarSteps.find((one) => one * month >= longest) ?? 1_200;
  // Months counted from January 2000, so that two-digit years are never taken for the last century's.
  const startOf = (index: number) => (clock === 'utc' ? Date.UTC(2000, index) : new Date(2000, index).getTime());
  const date = new Date(from);
  const year0 = clock === 'utc' ? date.getUTCFullYear() : date.getFullYear();
  const first = Math.floor(((year0 - 2000) * 12) / months) * months;
  const at: number[] = [];
  for (let index = first; at.length <= 200; index += months) {
    const time = startOf(index);
    if (time > to) break;
    if (time >= from) at.push(time);
  }
  return { at, step: months >= 12 ? (months / 12) * year : months * month };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A formatter costs far more to make than to use. */
function formatOf(locale: string, clock: Clock, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, clock, options]);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...options, ...(clock === 'utc' ? { timeZone: 'UTC' } : {}) });
    formats.set(key, format);
  }
  return format;
}

/** A time label no longer than it needs to be: down to milliseconds where the step is, the date at midnight, the year in January. */
export function timeLabel(at: number, step: number, { locale, clock }: { locale: string; clock: Clock }): string {
  const wall = at + offsetMs(at, clock);
  if (step >= year) return formatOf(locale, clock, { year: 'numeric' }).format(at);
  if (step >= month) {
    const january = new Date(wall).getUTCMonth() === 0;
    return formatOf(locale, clock, january ? { month: 'short', year: 'numeric' } : { month: 'short' }).format(at);
  }
  if (step >= day || wall % day === 0) return formatOf(locale, clock, { day: 'numeric', month: 'short' }).format(at);
  return formatOf(locale, clock, {
    hour: '2-digit',
    minute: '2-digit',
    ...(step < minute ? { second: '2-digit' } : {}),
    ...(step < second ? { fractionalSecondDigits: 3 } : {}),
    hourCycle: 'h23',
  }).format(at);
}
