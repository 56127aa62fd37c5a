import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectionRecord } from './status.ts';
import { newConnectionRecord, silenceMs, statusOf } from './status.ts';

const fresh = newConnectionRecord(1_000, null);
const refused = { code: 'unavailable', message: 'Nothing answers.' } as const;

describe('the state of a connection', () => {
  test('is connecting from the first attempt until it succeeds or fails', () => {
    expect(statusOf(fresh, 60_000)).toEqual({ state: 'connecting', since: 1_000, problem: null });
  });

  test('is live while events arrive, and no longer after two and a half missed heartbeats', () => {
    const record: ConnectionRecord = { ...fresh, streamSince: 2_000, lastExchangeAt: 5_000 };
    expect(statusOf(record, 5_000 + silenceMs)).toEqual({ state: 'live', since: 2_000, problem: null });
    expect(statusOf(record, 5_001 + silenceMs)).toMatchObject({ state: 'offline', since: 5_000, problem: { code: 'unavailable' } });
    expect(silenceMs).toBe(12_500);
  });

  test('is offline since the first failure, whatever was received before or in between', () => {
    const record: ConnectionRecord = { ...fresh, lastExchangeAt: 8_000, failingSince: 9_000, problem: refused };
    expect(statusOf(record, 60_000)).toEqual({ state: 'offline', since: 9_000, problem: refused });
  });

  test('stays live when the backend asks to wait', () => {
    const patience = { code: 'rate_limited', message: 'Too many requests.' } as const;
    expect(statusOf({ ...fresh, lastExchangeAt: 1_500, problem: patience }, 2_000)).toEqual({
      state: 'connecting',
      since: 1_000,
      problem: patience,
    });
  });

  test('a problem that only a person can fix comes first', () => {
    const blocked = { state: 'signed-out', since: 4_000, problem: { code: 'bad_credentials', message: 'Sign in.' } } as const;
    expect(statusOf({ ...fresh, streamSince: 2_000, lastExchangeAt: 4_000, blocked }, 4_000)).toEqual(blocked);
  });

  test('is never live without a recent byte, and is never in the future', () => {
    const time = fc.integer({ min: 0, max: 100_000 });
    const maybe = fc.option(time);
    fc.assert(
      fc.property(time, maybe, maybe, maybe, time, (begunAt, streamSince, lastExchangeAt, failingSince, later) => {
        const record: ConnectionRecord = { begunAt, streamSince, lastExchangeAt, failingSince, problem: null, blocked: null };
        const now = Math.max(begunAt, streamSince ?? 0, lastExchangeAt ?? 0, failingSince ?? 0) + later;
        const { state, since } = statusOf(record, now);
        if (state === 'live') expect(now - (lastExchangeAt ?? Number.NEGATIVE_INFINITY)).toBeLessThanOrEqual(silenceMs);
        expect(since).toBeLessThanOrEqual(now);
      }),
    );
  });
});
