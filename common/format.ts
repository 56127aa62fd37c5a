import { dayMs, hourMs } from './time/durations.ts';

/** Formats numbers and durations for people. The only formatter, for the backend's sentences and every screen. */

const byteSteps = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
/** Doubles reliably have 15 decimal digits; a smaller difference is noise. */
const maxDigits = 15;

/** True for units that scale by 1,000 with the value. */
export const isByteUnit = (unit: string): boolean => /^(B|bytes)(\/s)?$/.test(unit);

/** Returns the power of ten at or below a positive size. */
const exponentOf = (size: number): number => Number(size.toExponential().split('e')[1]);

/**
 * Formats a number with "." for decimals and "," for thousands. Without `decimals` it has the digits of `decimalsFor`, so one
 * number reads the same wherever it appears alone. Very large and very small numbers are written as `1.25e−25`.
 */
export function formatNumber(value: number, decimals?: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && isExponential(size, decimals)) return exponential(value, decimals);
  const [whole = '', fraction] = value.toFixed(decimals ?? decimalsFor(value)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const joined = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return sign(/^-[0,.]*$/.test(joined) ? joined.slice(1) : joined);
}

function isExponential(size: number, decimals: number | undefined): boolean {
  if (decimals === undefined) return size >= 1e15 || size < 1e-6;
  return size >= 1e21 || decimals > maxDecimals;
}

/** Maximum number of digits after the decimal point. */
const maxDecimals = 12;

function exponential(value: number, decimals: number | undefined): string {
  const digits =
    decimals === undefined
      ? decimalsFor(Number(value.toExponential().split('e')[0]))
      : Math.max(0, Math.min(maxDigits, decimals + exponentOf(Math.abs(value))));
  const [mantissa = '', power = ''] = value.toExponential(digits).split('e');
  return `${sign(mantissa)}e${sign(power.replace('+', ''))}`;
}

/**
 * Returns the number of decimals for a number: three significant digits and no trailing zeros. A number close to a power of ten gets enough
 * digits to distinguish it: 0.999985 never reads as 1, nor 99.9985 as 100.
 */
function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(size) || Number.isInteger(value)) return 0;
  const max = Math.max(0, maxDigits - 1 - exponentOf(size));
  const enough = Math.min(max, Math.max(0, 2 - exponentOf(Number(size.toPrecision(3)))));
  const shown = Number(size.toFixed(enough));
  const round = 10 ** Math.round(Math.log10(shown));
  const distance = Math.abs(size - round);
  const isNearlyRound = shown === Number(round.toPrecision(3)) && distance > size * 1e-13;
  return withoutZeros(size, isNearlyRound ? Math.min(max, Math.max(enough, 1 - exponentOf(distance))) : enough);
}

function withoutZeros(size: number, decimals: number): number {
  let least = decimals;
  while (least > 0 && Number(size.toFixed(least - 1)) === Number(size.toFixed(decimals))) least -= 1;
  return least;
}

/**
 * Returns the decimals for numbers shown together, such as a column: enough for the largest, for two digits of their spread, and for each
 * that is nearly round. Undefined if each value scales by itself.
 */
export function sharedDecimals(values: Iterable<number>, unit = ''): number | undefined {
  const finite = [...values].filter(Number.isFinite);
  const sizes = finite.map(Math.abs).filter((size) => size > 0);
  if (sizes.length === 0) return 0;
  const largest = sizes.reduce((a, b) => Math.max(a, b));
  if (isByteUnit(unit)) {
    const scale = byteScale(largest);
    const isOneScale = sizes.every((size) => byteScale(size).step === scale.step);
    return isOneScale && sizes.length > 1 ? sharedDecimals(finite.map((value) => value / scale.factor)) : undefined;
  }
  // For values close together, the last digits of a double may be needed.
  const max = Math.max(0, maxDigits + 1 - exponentOf(largest));
  const spread = finite.reduce((a, b) => Math.max(a, b)) - finite.reduce((a, b) => Math.min(a, b));
  const bySize = Math.max(0, 2 - exponentOf(Number(largest.toPrecision(3))));
  const bySpread = spread > largest * 4e-16 ? 1 - exponentOf(spread) : 0;
  const byRound = sizes.reduce((a, size) => (isNearPowerOfTen(size) ? Math.max(a, decimalsFor(size)) : a), 0);
  // The smallest should not read as 0, but gets at most two extra digits.
  const bySmallest = Math.min(bySize + 2, -exponentOf(sizes.reduce((a, b) => Math.min(a, b))));
  const needed = Math.min(max, Math.max(bySize, bySpread, byRound, bySmallest));
  // No more than any of them needs: 3 and 4 stay integers.
  return sizes.reduce((a, size) => Math.max(a, withoutZerosUpTo(size, needed)), 0);
}

const isNearPowerOfTen = (size: number): boolean => Math.abs(Math.log10(size) - Math.round(Math.log10(size))) < 3e-3;

const withoutZerosUpTo = (size: number, decimals: number): number => (decimals > 100 ? decimals : withoutZeros(size, decimals));

/** Returns the number of decimals that a person typed: 2 for 0.25. Limited by the precision of doubles. */
export function decimalsOf(value: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) return 0;
  const [mantissa = '', power = '0'] = String(Math.abs(value)).split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(power));
}

/**
 * Formats a value with its unit: `0.62 m/s`, `34.1 %`, `1.24 GB`. `B` and `B/s` scale by 1,000; every other unit is appended unchanged. A
 * percentage that is not 0 or 100 never reads as one of them: with decimals that are too few it is `<1 %` or `>99.9 %`.
 * @param decimals fixes the digits, to keep a column or a comparison even
 */
export function formatValue(value: number, unit: string, decimals?: number): string {
  if (isByteUnit(unit)) return formatBytes(value, unit.endsWith('/s') ? '/s' : '', decimals);
  const number = unit === '%' && decimals !== undefined ? formatPercentage(value, decimals) : formatNumber(value, decimals);
  return unit === '' ? number : `${number} ${unit}`;
}

function formatPercentage(value: number, decimals: number): string {
  const size = Math.abs(value);
  const step = 10 ** -decimals;
  const reads = Number(size.toFixed(Math.min(100, decimals)));
  if (!Number.isFinite(size) || reads === size || (reads !== 0 && reads !== 100)) return formatNumber(value, decimals);
  const minus = value < 0 ? '−' : '';
  if (reads === 0) return `${value < 0 ? '>' : '<'}${minus}${formatNumber(step, decimals)}`;
  const near = size > 100 ? 100 : 100 - step;
  return `${value < 0 ? '<' : '>'}${minus}${formatNumber(near, decimals)}`;
}

/** Returns the unit step in which a size is written, and its factor. */
function byteScale(size: number): { step: number; factor: number } {
  let step = 0;
  let factor = 1;
  while (size / factor >= 999.5 && step < byteSteps.length - 1) {
    factor *= 1_000;
    step += 1;
  }
  return { step, factor };
}

function formatBytes(value: number, per: string, decimals?: number): string {
  const { step, factor } = byteScale(Math.abs(value));
  return `${formatNumber(value / factor, decimals)} ${byteSteps[step]}${per}`;
}

/** Formats a change with its sign: `+0.4 m/s`, `−3 %`; one too small for its digits is `<0.1 %`. */
export function formatSigned(value: number, unit: string, decimals?: number): string {
  const text = formatValue(value, unit, decimals);
  return value > 0 && !/^[<>]/.test(text) ? `+${text}` : text;
}

/** Formats a number that a person set, with the digits it was given: `0.6 m/s`, `90 %`. */
export function formatSetting(value: number, unit = ''): string {
  return formatValue(value, unit, isByteUnit(unit) ? undefined : decimalsOf(value));
}

/** Formats a measured value that is compared with a setting, with enough digits to distinguish the two: 0.5997 is not "0.6, below 0.6". */
export function formatCompared(value: number, setting: number, unit = ''): string {
  let decimals = decimalsFor(value);
  if (value === setting || isByteUnit(unit)) return formatValue(value, unit);
  while (decimals < maxDecimals && Number(value.toFixed(decimals)) === setting) decimals += 1;
  return formatValue(value, unit, decimals === decimalsFor(value) ? undefined : decimals);
}

/** Replaces the hyphen by a typographic minus, which is as wide as the plus and does not break the line. */
function sign(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : text;
}

const units = [
  { name: 'd', ms: dayMs },
  { name: 'h', ms: hourMs },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
  { name: 'ms', ms: 1 },
] as const;
type UnitName = (typeof units)[number]['name'];

/** Languages a duration can be written in. */
export type Language = 'en' | 'ar';
const unitWords: Record<Language, Record<UnitName, string>> = {
  en: { d: 'd', h: 'h', min: 'min', s: 's', ms: 'ms' },
  ar: { d: 'ي', h: 'س', min: 'د', s: 'ث', ms: 'م.ث' },
};

/**
 * Formats a duration for reading at a glance: `20 s`, `3 min 12 s`, `11 min`, `4 h`, `2 d`, `250 ms`. The smaller unit is only given below
 * ten of the larger one. Rounded down, so that it never exceeds the elapsed time.
 * @param ms milliseconds; a negative duration counts as none
 */
export function formatDuration(ms: number, language: Language = 'en'): string {
  const length = Math.max(0, Math.floor(ms));
  const first = units.findIndex((unit) => length >= unit.ms);
  const large = units[first];
  if (large === undefined) return `0 ${unitWords[language].s}`;
  const count = Math.floor(length / large.ms);
  const small = large.name === 's' ? undefined : units[first + 1];
  const rest = small === undefined || count >= 10 ? 0 : Math.floor((length % large.ms) / small.ms);
  return [{ unit: large, count }, ...(small && rest > 0 ? [{ unit: small, count: rest }] : [])]
    .map((part) => `${formatNumber(part.count)} ${unitWords[language][part.unit.name]}`)
    .join(' ');
}

/** Formats a duration that a person set, exactly: `12 min 30 s`, `1 d 12 h`, `1.5 s`. */
export function formatSetDuration(ms: number, language: Language = 'en'): string {
  const words = unitWords[language];
  let rest = Math.max(0, ms);
  const parts: string[] = [];
  for (const { name, ms: size } of units.slice(0, 3)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${formatNumber(count)} ${words[name]}`);
  }
  if (rest >= 1_000 || (rest === 0 && parts.length === 0)) parts.push(`${formatSetting(rest / 1_000)} ${words.s}`);
  else if (rest > 0) parts.push(`${formatSetting(rest)} ${words.ms}`);
  return parts.join(' ');
}
