import { expect, it } from 'vitest';
import { firingMarks } from './firing-marks.ts';

const interval = { from: 0, to: 10_000 };
const firing = (from: number, to: number | null, severity: 'HIGH' | 'CRITICAL' = 'HIGH') => ({ from, to, severity });

it('draws firings that overlap or can’t be told apart as one', () => {
  const firings = [firing(100, 300), firing(200, 250), firing(320, 400), firing(425, 430)];
  expect(firingMarks(firings, interval)).toEqual([firing(100, 400), firing(425, 430)]);
});

it('keeps severities apart, and what still fires open', () => {
  const firings = [firing(100, 300), firing(150, 160, 'CRITICAL'), firing(200, null), firing(500, 600)];
  expect(firingMarks(firings, interval)).toEqual([firing(100, null), firing(150, 160, 'CRITICAL')]);
});
