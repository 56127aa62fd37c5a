import { durationOf } from '../../time/exact-duration.ts';
import { Refusal } from './refusal.ts';

export type ForeignFields = Readonly<Record<string, unknown>>;

export const isGroup = (value: unknown): value is ForeignFields => typeof value === 'object' && value !== null && !Array.isArray(value);
export const groupIn = (fields: ForeignFields, name: string): ForeignFields => (isGroup(fields[name]) ? fields[name] : {});
export const listIn = (fields: ForeignFields, name: string): readonly unknown[] => (Array.isArray(fields[name]) ? fields[name] : []);

/** Returns a text; null if the field is missing. @throws Refusal if it is something else */
export function textIn(fields: ForeignFields, name: string): string | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw new Refusal('field_text', { field: name });
  return value;
}

/** Returns a duration such as `5m`, or a number of seconds where there is `secondsAllowed`, in ms; null if the field is missing. @throws Refusal */
export function durationIn(fields: ForeignFields, name: string, secondsAllowed = false): number | null {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return null;
  if (value === 0 || value === '0') return 0;
  const ms = typeof value === 'string' ? durationOf(value) : typeof value === 'number' && secondsAllowed ? value * 1_000 : null;
  if (ms === null || !Number.isSafeInteger(ms) || ms < 0) throw new Refusal('field_duration', { field: name, value: String(value) });
  return ms;
}

/** Returns texts by name. @throws Refusal */
export function textsIn(fields: ForeignFields, name: string): Record<string, string> {
  const value = fields[name];
  if (value === undefined || value === null) return {};
  if (!isGroup(value)) throw new Refusal('field_texts', { field: name });
  return Object.fromEntries(Object.keys(value).map((key) => [key, textIn(value, key) ?? '']));
}
