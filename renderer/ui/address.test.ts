import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseAddress, parseRange, printRange } from './address.ts';

describe('ranges', () => {
  it.each(['15m', '6h', '7d', '30d'])('reads and prints %s', (text) => expect(printRange(parseRange(text) ?? { lastMs: 0 })).toBe(text));
  it('reads and prints a fixed stretch', () => {
    const text = '2026-01-31T03:00:00.000Z~2026-01-31T04:00:00.000Z';
    expect(parseRange(text)).toEqual({ from: Date.UTC(2026, 0, 31, 3), to: Date.UTC(2026, 0, 31, 4) });
    expect(printRange(parseRange(text) ?? { lastMs: 0 })).toBe(text);
  });
  it.each(['', 'x', '6', '10s', '9999d', 'a~b', '2026-01-31~2026-01-30', '2026-01-01~2026-01-02~2026-01-03'])('refuses "%s"', (text) =>
    expect(parseRange(text)).toBeNull(),
  );
});

describe('parseAddress', () => {
  const schema = z.object({ belt: z.string().optional(), page: z.number().int().default(1), view: z.enum(['a', 'b']).default('a') });
  it('keeps what fits and drops what does not, without an error', () =>
    expect(parseAddress(schema, { belt: 'belt-1', page: 'many', view: 'z', other: 1 })).toEqual({ belt: 'belt-1', page: 1, view: 'a' }));
  it('gives the defaults for nothing', () => expect(parseAddress(schema, {})).toEqual({ page: 1, view: 'a' }));
});
