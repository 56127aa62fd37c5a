import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { z } from 'zod';
import type { Connection } from '#common/contract/console/connections.ts';
import { type Span, useConnections } from '#renderer/link/index.ts';

/**
 * The part of the address a screen owns, validated by its schema. A value that does not fit is treated as absent, never as an error:
 * addresses are typed, pasted and shared. `set` merges; `undefined` removes; `replace` leaves no step in the history.
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

/** Takes what fits the schema out of raw search parameters. Every field must be optional or have a default. */
export function parseAddress<S extends z.ZodObject>(schema: S, raw: Record<string, unknown>): z.output<S> {
  const fitting = Object.entries(schema.shape).flatMap(([name, field]) => {
    const parsed = (field as z.ZodType).safeParse(raw[name]);
    return parsed.success && parsed.data !== undefined ? [[name, raw[name]]] : [];
  });
  return schema.parse(Object.fromEntries(fitting));
}

const lengths = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses `6h` as the last six hours, and `2026-01-31T03:00Z~2026-01-31T04:00Z` as a fixed stretch; null when it is neither. */
export function parseRange(text: string): Span | null {
  const last = /^(\d{1,4})([smhd])$/.exec(text.trim());
  if (last) {
    const lastMs = Number(last[1]) * lengths[last[2] as keyof typeof lengths];
    return lastMs >= 60_000 && lastMs <= 5 * 366 * 86_400_000 ? { lastMs } : null;
  }
  const [from, to, ...rest] = text.split('~').map((part) => Date.parse(part));
  if (from === undefined || to === undefined || rest.length > 0 || Number.isNaN(from) || Number.isNaN(to) || from >= to) return null;
  return { from, to };
}

/** The shortest text that `parseRange` reads back. */
export function printRange(span: Span): string {
  if ('from' in span) return `${new Date(span.from).toISOString()}~${new Date(span.to).toISOString()}`;
  for (const [unit, ms] of [
    ['d', lengths.d],
    ['h', lengths.h],
    ['m', lengths.m],
  ] as const) {
    if (span.lastMs % ms === 0) return `${span.lastMs / ms}${unit}`;
  }
  return `${Math.round(span.lastMs / 1_000)}s`;
}

const shared = z.object({
  /** Connection id. */
  connection: z.string().optional(),
  range: z
    .string()
    .refine((text) => parseRange(text) !== null)
    .default('6h'),
});

/** The range every screen shares, from the address. */
export function useRange(): { span: Span; text: string; setRange: (span: Span, replace?: boolean) => void } {
  const [{ range }, set] = useAddress(shared);
  const span = useMemo(() => parseRange(range) ?? { lastMs: 6 * lengths.h }, [range]);
  const setRange = useCallback((next: Span, replace?: boolean) => set({ range: printRange(next) }, replace), [set]);
  return { span, text: range, setRange };
}

/** The connection the address names, else the first; undefined while they are being read or where there is none. */
export function useConnection(): { connection: Connection | undefined; setConnection: (id: string) => void } {
  const [{ connection: id }, set] = useAddress(shared);
  const list = useConnections().data;
  const connection = list?.find((one) => one.id === id) ?? list?.[0];
  const setConnection = useCallback((next: string) => set({ connection: next }), [set]);
  return { connection, setConnection };
}
