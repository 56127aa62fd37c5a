import type { Params } from '#common/contract/errors.ts';
import { formatDuration, formatNumber, formatSetDuration, formatValue, type Language } from '#common/format.ts';

export type { Language, Params };

/** The names of the `{placeholders}` in a text. */
export type HolesOf<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}` ? Hole | HolesOf<Rest> : never;

/** Names of elapsed times, which are rounded down. Other durations were set by a person and are written exactly. */
const elapsed = new Set(['ageMs', 'agoMs', 'aheadMs', 'firedForMs', 'gapMs', 'heldMs', 'lostMs', 'silenceMs', 'skewMs']);

/**
 * Fills the `{placeholders}` of a text. The suffix of a name decides how its number is written: `Ms` as a duration, `Bytes` as a size. A
 * placeholder without a value stays visible as `{name}`.
 */
export function fillText(text: string, params: Params, language: Language): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = params[name];
    if (value === undefined) return hole;
    if (typeof value === 'string') return value;
    if (elapsed.has(name)) return formatDuration(value, language);
    if (name.endsWith('Ms')) return formatSetDuration(value, language);
    return name.endsWith('Bytes') ? formatValue(value, 'B') : formatNumber(value);
  });
}

export function holesOf(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}
