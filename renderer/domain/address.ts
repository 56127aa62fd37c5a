import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { z } from 'zod';
import type { Connection } from '#common/contract/console/connections.ts';
import { relativeRange, type TimeRange } from '#common/contract/range.ts';
import { dayMs, hourMs, weekMs } from '#common/time/durations.ts';
import { evaluateRange } from '#common/time/expression.ts';
import { zoneOf } from '#common/time/zone.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { type MovingRange, useConnections, type ViewRange } from './queries/index.ts';

/**
 * Reads and changes the part of the address a screen owns, validated by its schema. An invalid value counts as absent, never as an error:
 * addresses are typed, pasted and shared. `set` merges; `undefined` removes; `replace` adds no history entry.
 */
export function useAddress<S extends z.ZodObject>(schema: S): [z.output<S>, (change: Partial<z.input<S>>, replace?: boolean) => void] {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const value = useMemo(() => parseAddress(schema, raw), [schema, raw]);
  const set = useCallback(
    (change: Partial<z.input<S>>, replace = false) =>
      void navigate({ to: '.', replace, search: (before: Record<string, unknown>) => ({ ...before, ...change }) }),
    [navigate],
  );
  return [value, set];
}

/** Returns the search parameters that fit the schema. Every field must be optional or have a default. */
export function parseAddress<S extends z.ZodObject>(schema: S, raw: Record<string, unknown>): z.output<S> {
  const fitting = Object.entries(schema.shape).flatMap(([name, field]) => {
    const parsed = (field as z.ZodType).safeParse(raw[name]);
    return parsed.success && parsed.data !== undefined ? [[name, raw[name]]] : [];
  });
  return schema.parse(Object.fromEntries(fitting));
}

const lengths = { s: 1_000, m: 60_000, h: hourMs, d: dayMs, w: weekMs } as const;
const maxLengthMs = 5 * 366 * lengths.d;

/**
 * Parses `6h` as the last six hours, `2026-01-31T03:00Z~2026-01-31T04:00Z` as a fixed interval, and `now/d~now` or `now-1M/M~now/M` as one
 * that moves with the clock; null if it is none of them.
 * @param timeZone in which the days and months of a moving range are counted
 */
export function parseRange(text: string, timeZone = 'UTC'): ViewRange | null {
  const last = /^(\d{1,4})([smhdw])$/.exec(text.trim());
  if (last) {
    const lastMs = Number(last[1]) * lengths[last[2] as keyof typeof lengths];
    return lastMs >= 60_000 && lastMs <= maxLengthMs ? { lastMs } : null;
  }
  const ends = text.trim().split(/\s*~\s*|\s+to\s+/);
  if (ends.length > 2) return null;
  const [start = '', end = 'now'] = ends;
  const moving = relativeRange.safeParse({ from: start, to: end });
  if (moving.success) return parseMoving({ ...moving.data, timeZone });
  const [from, to] = ends.map((part) => Date.parse(part));
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to) || from >= to) return null;
  return { from, to };
}

/** Returns the range, unless it is always empty or longer than the maximum. */
function parseMoving(range: MovingRange): ViewRange | null {
  const { from, to } = evaluateRange(range, Date.now(), range.timeZone);
  // A range that depends on the time of day may be empty just now.
  const mayBeEmpty = /[/ ]/.test(range.from + range.to);
  return to - from <= maxLengthMs && (to > from || mayBeEmpty) ? range : null;
}

/** Returns the shortest text that `parseRange` reads back. */
export function printRange(range: ViewRange | TimeRange): string {
  if ('from' in range) {
    const print = (end: number | string) => (typeof end === 'number' ? new Date(end).toISOString() : end);
    return `${print(range.from)}~${print(range.to)}`;
  }
  for (const [unit, ms] of [
    ['d', lengths.d],
    ['h', lengths.h],
    ['m', lengths.m],
  ] as const) {
    if (range.lastMs % ms === 0) return `${range.lastMs / ms}${unit}`;
  }
  return `${Math.round(range.lastMs / 1_000)}s`;
}

/** Search parameters that every screen reads. */
export const sharedAddress = z.object({
  /** Connection id. */
  connection: z.string().optional(),
  range: z
    .string()
    .refine((text) => parseRange(text) !== null)
    .default('6h'),
});

/** Returns the range that every screen shares, from the address. */
export function useRange(): { range: ViewRange; text: string; setRange: (range: ViewRange, replace?: boolean) => void } {
  const [{ range: text }, set] = useAddress(sharedAddress);
  const timeZone = zoneOf(usePreferences().clock);
  const range = useMemo(() => parseRange(text, timeZone) ?? { lastMs: 6 * lengths.h }, [text, timeZone]);
  const setRange = useCallback((next: ViewRange, replace?: boolean) => set({ range: printRange(next) }, replace), [set]);
  return { range, text, setRange };
}

/** Returns the connection the address names, otherwise the first; undefined while connections are loading or if there are none. */
export function useConnection(): { connection: Connection | undefined; setConnection: (id: string) => void } {
  const [{ connection: id }, set] = useAddress(sharedAddress);
  const list = useConnections().data;
  const connection = list?.find((one) => one.id === id) ?? list?.[0];
  const setConnection = useCallback((next: string) => set({ connection: next }), [set]);
  return { connection, setConnection };
}
