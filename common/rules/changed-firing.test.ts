import { expect, it } from 'vitest';
import type { BacktestFiring } from './backtest.ts';
import { firstChangedFiring } from './changed-firing.ts';

const firing = (from: number, to: number | null, belt = '1'): BacktestFiring => ({
  labels: { belt },
  from,
  to,
  severity: 'HIGH',
  reasons: [],
});

it('finds the earliest firing in which two backtests differ', () => {
  const both = [firing(10, 20), firing(50, null)];
  expect(firstChangedFiring(both, [...both])).toBeNull();
  expect(firstChangedFiring(both, [firing(10, 20)])).toBe(50);
  expect(firstChangedFiring([], both)).toBe(10);
  // A firing of another series, and one that lasts longer, differ too.
  expect(firstChangedFiring(both, [firing(10, 20, '2'), firing(50, null)])).toBe(10);
  expect(firstChangedFiring(both, [firing(10, 20), firing(50, 60)])).toBe(50);
  expect(firstChangedFiring([firing(70, 80), firing(30, 40)], [])).toBe(30);
});
