import { formatDuration as commonDuration, formatValue as commonValue } from '#common/format.ts';
import { locales } from './i18n.ts';
import type { Language } from './preferences.tsx';

const unitLetters: Record<Language, Record<string, string>> = {
  en: { d: 'd', h: 'h', m: 'm', s: 's' },
  ar: { d: ' ي', h: ' س', m: ' د', s: ' ث' },
};

/**
 * A length of time a person reads at a glance: `4s`, `3m 12s`, `11m`, `3h 5m`, `2d`. The smaller part is given only while it
 * still matters: below ten of the larger one.
 * @param ms milliseconds
 */
export function formatDuration(ms: number, language: Language = 'en'): string {
  const [head = '0s', rest] = commonDuration(Math.floor(ms / 1_000) * 1_000, 'compact').split(' ');
  const text = rest === undefined || Number.parseInt(head, 10) >= 10 ? head : `${head} ${rest}`;
  return text.replace(/(\d+)([dhms])/g, (_, count: string, unit: string) => `${count}${unitLetters[language][unit]}`);
}

/** The figures of a value and its unit apart, so that figures align and units stay quiet: `0.62` and `m/s`. */
export function formatParts(value: number | null | undefined, unit = '', decimals?: number): { figures: string; unit: string } {
  if (value === null || value === undefined || !Number.isFinite(value)) return { figures: '–', unit: '' };
  const [figures = '', ...rest] = commonValue(value, unit, decimals).split(' ');
  return { figures, unit: rest.join(' ') };
}

/** A number with its unit: `0.62 m/s`, `48 %`, `1.24 GB`; `–` where there is none. */
export function formatValue(value: number | null | undefined, unit = ''): string {
  const parts = formatParts(value, unit);
  return parts.unit === '' ? parts.figures : `${parts.figures} ${parts.unit}`;
}

/** A number that a person set, with the decimals it was given: `0.6 m/s`, `90 %`. */
export function formatSetting(value: number, unit = ''): string {
  return commonValue(value, unit, unit === 'B' || unit === 'B/s' ? undefined : decimalsOf(value));
}

/** Decimals a number is written with at least, at most 8: 2 for 0.25. */
export function decimalsOf(value: number): number {
  for (let decimals = 0; decimals < 8; decimals++) if (Number(value.toFixed(decimals)) === value) return decimals;
  return 8;
}

/** A change as a share: `▼ 22 %`; null where there is nothing to compare with. */
export function formatChange(now: number | null, before: number | null): string | null {
  if (now === null || before === null || before === 0) return null;
  const share = ((now - before) / Math.abs(before)) * 100;
  const rounded = Math.round(share);
  if (rounded === 0) return '± 0 %';
  return `${rounded < 0 ? '▼' : '▲'} ${Math.abs(rounded)} %`;
}

interface ClockStyle {
  language: Language;
  clock: 'local' | 'utc';
}

/** Time of day; with seconds where asked. */
export function formatTime(at: number, { language, clock }: ClockStyle, seconds = false): string {
  return new Date(at).toLocaleTimeString(locales[language], {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
    ...(clock === 'utc' ? { timeZone: 'UTC' } : {}),
  });
}

/** Date and time of day with seconds. */
export function formatDateTime(at: number, style: ClockStyle): string {
  const date = new Date(at).toLocaleDateString(locales[style.language], {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...(style.clock === 'utc' ? { timeZone: 'UTC' } : {}),
  });
  return `${date} ${formatTime(at, style, true)}`;
}

/** The offset of the clock in use: `UTC`, `UTC+3`, `UTC−3:30`. */
export function formatZone(at: number, clock: 'local' | 'utc'): string {
  const minutes = clock === 'utc' ? 0 : -new Date(at).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}
