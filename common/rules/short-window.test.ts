import { expect, it } from 'vitest';
import { minuteMs, secondMs } from '../time/durations.ts';
import type { MeasuredHistory } from './backtest.ts';
import { findShortWindow, isDense } from './short-window.ts';

const loader = { intervalMs: 5 * minuteMs, overlapMs: 0 };
const window = (windowMs: number) => ({ windowMs });

it('finds a window that is shorter than the interval of the loader, and names one that is long enough', () => {
  expect(findShortWindow(window(minuteMs), {}, loader)).toEqual({
    windowMs: minuteMs,
    intervalMs: 5 * minuteMs,
    enoughMs: 10 * minuteMs,
  });
  expect(findShortWindow(window(5 * minuteMs), {}, loader)).toBeNull();
  expect(findShortWindow(window(Number.NaN), {}, loader)).toBeNull();
});

it('counts what has not arrived yet when the delay is shorter than the interval and the overlap', () => {
  const overlapping = { intervalMs: 5 * minuteMs, overlapMs: 2 * minuteMs };
  expect(findShortWindow(window(5 * minuteMs), {}, overlapping)).toBeNull();
  expect(findShortWindow(window(5 * minuteMs), { delayMs: 7 * minuteMs }, overlapping)).toBeNull();
  expect(findShortWindow(window(5 * minuteMs), { delayMs: 6 * minuteMs }, overlapping)?.enoughMs).toBe(11 * minuteMs);
  expect(findShortWindow(window(12 * minuteMs), { delayMs: 0 }, overlapping)).toBeNull();
  expect(findShortWindow(window(12 * minuteMs - 1), { delayMs: 0 }, overlapping)?.enoughMs).toBe(17 * minuteMs);
});

it('accepts a short window over points that lie close together, unless they arrive after it', () => {
  expect(findShortWindow(window(minuteMs), {}, loader, true)).toBeNull();
  expect(findShortWindow(window(minuteMs), { delayMs: 0 }, loader, true)?.enoughMs).toBe(15 * minuteMs);
  expect(findShortWindow(window(5 * minuteMs), { delayMs: 0 }, loader, true)).toBeNull();
});

it('rounds up to whole minutes, or to whole seconds below one', () => {
  expect(findShortWindow(window(secondMs), {}, { intervalMs: 45 * secondMs, overlapMs: 0 })?.enoughMs).toBe(2 * minuteMs);
  expect(findShortWindow(window(1_000), {}, { intervalMs: 1_250, overlapMs: 0 })?.enoughMs).toBe(3_000);
});

it('knows from the past whether windows are often empty, from the first point of each series on', () => {
  const value = { kind: 'value' as const, value: 1, compared: 1, points: 1 };
  const history = (full: number, empty: number): MeasuredHistory => ({
    labels: {},
    times: { from: 0, to: 100, everyMs: 1 },
    byCondition: [[{ kind: 'empty' }, ...Array(full).fill(value), ...Array(empty).fill({ kind: 'empty' })]],
    lastAt: [null, ...Array(full + empty).fill(0)],
  });
  expect(isDense([history(19, 1)], 0)).toBe(true);
  expect(isDense([history(18, 2)], 0)).toBe(false);
  expect(isDense([history(19, 1), history(1, 9)], 0)).toBe(false);
  expect(isDense([], 0)).toBe(false);
  expect(isDense([history(19, 1)], 1)).toBe(false);
});
