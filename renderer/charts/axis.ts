import { formatNumber } from '#common/format.ts';
import { formatParts } from '#renderer/ui/format.ts';
import { locales } from '#renderer/ui/i18n.ts';
import type { Preferences } from '#renderer/ui/preferences.tsx';

/** Ends and step of a value axis, on round numbers. */
export interface ValueAxis {
  min: number;
  max: number;
  step: number;
}

/** The round number (1, 2, 2.5 or 5 times a power of ten) at or above `raw`. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const share = raw / power;
  const nice = [1, 2, 2.5, 5, 10].find((one) => share <= one + 1e-9) ?? 10;
  return nice * power;
}

interface AxisAsk {
  extent: { min: number; max: number } | null;
  /** Values that must be in sight, such as thresholds. */
  include?: readonly number[];
  /** Ends the chart definition fixes. */
  fixed?: { min?: number | undefined; max?: number | undefined };
  /** Areas and bars are read from zero; lines only where zero is near. */
  fromZero?: boolean;
  /** About how many steps fit. */
  steps?: number;
}

/** The value axis for what is drawn: everything in sight, a little air, round numbers, never upside down. */
export function valueAxis({ extent, include = [], fixed = {}, fromZero = false, steps = 5 }: AxisAsk): ValueAxis {
  let min = Math.min(...include, extent?.min ?? Number.POSITIVE_INFINITY);
  let max = Math.max(...include, extent?.max ?? Number.NEGATIVE_INFINITY);
  if (min > max) [min, max] = [0, 1];
  // Values closer than digits can tell apart are one value; around nothing but zero the axis is a unit long.
  const size = Math.max(Math.abs(min), Math.abs(max));
  const spread = max - min > size * 1e-9 && size > 1e-12 ? max - min : size > 1e-12 ? size : 1;
  const air = spread * 0.06;
  const nearZero = min >= 0 && min <= spread * 0.6;
  const low = fixed.min ?? (min >= 0 && (fromZero || nearZero) ? 0 : min - air);
  const high = fixed.max ?? (max <= 0 && fromZero ? 0 : max + air);
  const width = high > low ? high - low : spread;
  const step = roundStep(width / steps);
  const tidy = (value: number) => Number(value.toPrecision(12));
  return {
    min: fixed.min ?? tidy(Math.floor(low / step + 1e-9) * step),
    max: fixed.max !== undefined && fixed.max > low ? fixed.max : tidy(Math.ceil((low + width) / step - 1e-9) * step),
    step,
  };
}

const scaledUnits = new Set(['B', 'bytes', 'B/s', 'bytes/s']);

/** One tick of the value axis. Bytes carry their own scale; any other unit is written once, above the axis. */
export function valueTick(value: number, step: number, unit: string): string {
  if (scaledUnits.has(unit)) {
    const { figures, unit: scaled } = formatParts(value, unit);
    return `${figures.replace(/[.,]0+$/, '')} ${scaled}`;
  }
  const decimals = Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9), step % 1 !== 0 && (step * 10) % 1 !== 0 ? 2 : 0));
  return formatNumber(value, decimals);
}

/** The unit to write above the axis; empty where every tick carries it. */
export const axisUnit = (unit: string): string => (scaledUnits.has(unit) ? '' : unit);

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 30, 60, 90].map((n) => n * day),
];

const offsetMs = (at: number, clock: Preferences['clock']): number => (clock === 'utc' ? 0 : -new Date(at).getTimezoneOffset() * minute);

/** Times to label: whole steps of the person's clock, across changes of its offset too. */
export function timeTicks(from: number, to: number, most: number, clock: Preferences['clock']): { at: number[]; step: number } {
  const step = timeSteps.find((one) => (to - from) / one <= Math.max(1, most)) ?? 365 * day;
  const at: number[] = [];
  const start = Math.ceil((from + offsetMs(from, clock)) / step) * step;
  for (let wall = start; ; wall += step) {
    // The offset that holds at that wall time: guessed once, then corrected.
    const guess = wall - offsetMs(wall - offsetMs(from, clock), clock);
    const time = wall - offsetMs(guess, clock);
    if (time > to) break;
    if (time >= from && time > (at.at(-1) ?? Number.NEGATIVE_INFINITY)) at.push(time);
    if (at.length > 200) break;
  }
  return { at, step };
}

/** A time label no longer than it needs to be: seconds under a minute's step, the date at midnight. */
export function timeTick(at: number, step: number, { language, clock }: Preferences): string {
  const zone = clock === 'utc' ? { timeZone: 'UTC' } : {};
  const wall = at + offsetMs(at, clock);
  if (step >= day || wall % day === 0) {
    return new Date(at).toLocaleDateString(locales[language], { day: 'numeric', month: 'short', ...zone });
  }
  return new Date(at).toLocaleTimeString(locales[language], {
    hour: '2-digit',
    minute: '2-digit',
    ...(step < minute ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
    ...zone,
  });
}
