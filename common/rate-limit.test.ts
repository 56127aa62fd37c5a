import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimiter } from './rate-limit.ts';

test('never lets more than the limit through within one window, and always lets the next window’s first', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 400 })), { maxLength: 300 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 8 }), (calls, limit) => {
      let now = 0;
      const limiter = new RateLimiter(limit, 1_000, () => now);
      const windows = new Map<string, { startedAt: number; passed: number }>();
      for (const [caller, pause] of calls) {
        now += pause;
        const window = windows.get(caller);
        const current = window && now < window.startedAt + 1_000 ? window : { startedAt: now, passed: 0 };
        windows.set(caller, current);
        const { allowed, remaining, resetMs } = limiter.take(caller);
        expect(allowed).toBe(current.passed < limit);
        if (allowed) current.passed += 1;
        expect(remaining).toBe(limit - current.passed);
        expect(resetMs).toBe(current.startedAt + 1_000 - now);
      }
    }),
  );
});

test('peeking does not count', () => {
  const limiter = new RateLimiter(1, 1_000, () => 0);
  expect(limiter.peek('a').allowed).toBe(true);
  expect(limiter.peek('a').allowed).toBe(true);
  limiter.take('a');
  expect(limiter.peek('a').allowed).toBe(false);
});

test('a refunded request allows another one', () => {
  let now = 0;
  const limiter = new RateLimiter(2, 1_000, () => now);
  limiter.take('a');
  limiter.take('a');
  expect(limiter.peek('a').allowed).toBe(false);
  limiter.refund('a');
  expect(limiter.take('a')).toMatchObject({ allowed: true, remaining: 0 });
  // A refund after its window has no effect: it must not increase the next window's limit.
  now = 1_000;
  limiter.refund('a');
  expect(limiter.take('a')).toMatchObject({ allowed: true, remaining: 1 });
});

test('drops callers whose window has ended', () => {
  let now = 0;
  const limiter = new RateLimiter(1, 1_000, () => now);
  for (let i = 0; i < 50_000; i += 1) {
    now += 1;
    limiter.take(`address ${i}`);
  }
  expect(limiter.size).toBeLessThanOrEqual(10_001);
});
