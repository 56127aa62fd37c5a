import { describe, expect, it } from 'vitest';
import { intervalAt, isFixed, settledRange, toViewRange } from './keys.ts';
import { resolveRange } from './queries.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** 14:30:05 in Riyadh. */
const now = Date.UTC(2026, 10, 21, 11, 30, 5);
const riyadh = 'Asia/Riyadh';
const midnight = Date.UTC(2026, 10, 20, 21);

describe('a range that moves with the clock', () => {
  const today = toViewRange({ from: 'now/d', to: 'now' }, riyadh);
  const yesterday = toViewRange({ from: 'now-1d/d', to: 'now-1d/d' }, riyadh);

  it('is asked for from the calendar’s edge to the end of the newest bucket', () => {
    expect(resolveRange(today, 60_000, now)).toEqual({ from: midnight, to: now - 5_000 + 60_000 });
    expect(resolveRange(yesterday, 60_000, now)).toEqual({ from: midnight - day, to: midnight });
  });
  it('moves on by whole buckets where both ends slide, so that the same buckets are asked for again', () => {
    const sliding = toViewRange({ from: 'now-7d', to: 'now-1d' }, riyadh);
    expect(resolveRange(sliding, 60_000, now)).toEqual(resolveRange(sliding, 60_000, now + 10_000));
    expect(resolveRange(sliding, hour, now).from % hour).toBe(0);
  });
  it('starts over with each day', () => {
    const next = midnight + day;
    expect(intervalAt(today, next - 1)).toEqual({ from: midnight, to: next - 1 });
    expect(resolveRange(today, 60_000, next)).toEqual({ from: next, to: next + 60_000 });
    expect(intervalAt(yesterday, next)).toEqual({ from: midnight, to: next });
  });
  it('counts as fixed only while all of it is past', () => {
    expect(isFixed(settledRange(yesterday, now))).toBe(true);
    expect(settledRange(today, now)).toBe(today);
    expect(settledRange(toViewRange({ from: 'now/d', to: 'now/d' }, riyadh), now)).toMatchObject({ to: 'now/d' });
  });
  it('is whole calendar days where buckets are days', () => {
    expect(resolveRange(today, day, now, riyadh)).toEqual({ from: midnight, to: midnight + day });
    expect(resolveRange({ lastMs: day }, day, now, riyadh)).toEqual({ from: midnight - day, to: midnight + day });
  });
});
