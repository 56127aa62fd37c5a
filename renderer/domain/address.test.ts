import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseAddress, parseRange, printRange } from './address.ts';

describe('ranges', () => {
  it.each(['15m', '6h', '7d', '30d'])('reads and prints %s', (text) => expect(printRange(parseRange(text) ?? { lastMs: 0 })).toBe(text));
  it('reads and prints a fixed interval', () => {
    const text = '2026-01-31T03:00:00.000Z~2026-01-31T04:00:00.000Z';
    expect(parseRange(text)).toEqual({ from: Date.UTC(2026, 0, 31, 3), to: Date.UTC(2026, 0, 31, 4) });
    expect(printRange(parseRange(text) ?? { lastMs: 0 })).toBe(text);
  });
  it.each(['now/d~now', 'now-1M/M~now/M', 'now-3M~now', 'today 08:00~now', '2026-01-31T03:00:00.000Z~now'])(
    'reads and prints %s, which stays relative',
    (text) => expect(printRange(parseRange(text, 'Asia/Riyadh') ?? { lastMs: 0 })).toBe(text),
  );
  it('reads a moving range as it is typed into the address', () => {
    expect(parseRange('now/d')).toEqual({ from: 'now/d', to: 'now', timeZone: 'UTC' });
    expect(parseRange('now-7d to now-1d')).toEqual({ from: 'now-7d', to: 'now-1d', timeZone: 'UTC' });
    expect(parseRange('2w')).toEqual({ lastMs: 14 * 86_400_000 });
  });
  it.each(['now', 'now~now-1h', 'now-99y', 'now/x', 'now-1d~', 'now~a', 'now-1m~now~now'])('refuses "%s"', (text) =>
    expect(parseRange(text)).toBeNull(),
  );
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
