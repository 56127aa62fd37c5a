import type { Language } from '#common/format.ts';
import { formatDuration as commonDuration, formatValue as commonValue, formatSetDuration, formatSigned } from '#common/format.ts';
import { locales } from './i18n.ts';

export { formatSetDuration, formatSetting } from '#common/format.ts';

/**
 * Formats an age or another duration in whole seconds: `0 s`, `3 min 12 s`, `11 min`, `3 h 5 min`.
 * @param ms milliseconds
 */
export function formatDuration(ms: number, language: Language = 'en'): string {
  return commonDuration(Math.floor(ms / 1_000) * 1_000, language);
}

/** Formats a latency: `48 ms`, `1.234 s`. */
export function formatLatency(ms: number, language: Language = 'en'): string {
  const whole = Math.round(ms);
  return whole === 0 ? `<${formatSetDuration(1, language)}` : formatSetDuration(whole, language);
}

/**
 * Formats a value and its unit separately, so that digits align and units can be styled: `0.62` and `m/s`.
 * @param signed for a change: `+0.62`
 */
export function formatParts(
  value: number | null | undefined,
  unit = '',
  decimals?: number,
  signed = false,
): { figures: string; unit: string } {
  if (value === null || value === undefined || !Number.isFinite(value)) return { figures: '–', unit: '' };
  const [figures = '', ...rest] = (signed ? formatSigned : commonValue)(value, unit, decimals).split(' ');
  return { figures, unit: rest.join(' ') };
}

/** Formats a number with its unit: `0.62 m/s`, `48 %`, `1.24 GB`; `–` if there is none. */
export function formatValue(value: number | null | undefined, unit = '', decimals?: number): string {
  const parts = formatParts(value, unit, decimals);
  return parts.unit === '' ? parts.figures : `${parts.figures} ${parts.unit}`;
}

/** Formats a relative change: `▼ 22 %`, `▲ <1 %`; null if there is nothing to compare with. */
export function formatChange(now: number | null, before: number | null): string | null {
  if (now === null || before === null || before === 0) return null;
  const share = ((now - before) / Math.abs(before)) * 100;
  if (share === 0) return '± 0 %';
  return `${share < 0 ? '▼' : '▲'} ${commonValue(Math.abs(share), '%', 0)}`;
}

interface ClockStyle {
  language: Language;
  clock: 'local' | 'utc';
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Caches formatters, because creating one costs far more than using it. */
function formatterOf({ language, clock }: ClockStyle, kind: 'minutes' | 'seconds' | 'date'): Intl.DateTimeFormat {
  const key = `${language} ${clock} ${kind}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    const fields = {
      minutes: time,
      seconds: { ...time, second: '2-digit' },
      date: { day: 'numeric', month: 'short', year: 'numeric' },
    } as const;
    formatter = new Intl.DateTimeFormat(locales[language], { ...fields[kind], ...(clock === 'utc' ? { timeZone: 'UTC' } : {}) });
    formatters.set(key, formatter);
  }
  return formatter;
}

/** Formats a time of day, with seconds if asked. */
export function formatTime(at: number, style: ClockStyle, seconds = false): string {
  return formatterOf(style, seconds ? 'seconds' : 'minutes').format(at);
}

/** Formats a date. */
export function formatDay(at: number, style: ClockStyle): string {
  return formatterOf(style, 'date').format(at);
}

/** Formats a date and time of day with seconds. */
export function formatDateTime(at: number, style: ClockStyle): string {
  return `${formatterOf(style, 'date').format(at)} ${formatTime(at, style, true)}`;
}

/** Returns the UTC offset of the clock in use: `UTC`, `UTC+3`, `UTC−3:30`. */
export function formatZone(at: number, clock: 'local' | 'utc'): string {
  const minutes = clock === 'utc' ? 0 : -new Date(at).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}
