import { expect, test } from 'vitest';
import { sharedLength } from './shared-length.ts';

test.each([
  [['belt-speed', 'belt-items'], 5],
  [['CRITICAL', 'HIGH'], 0],
  [['eth10', 'eth11'], 0],
  [['plant/north/a', 'plant/north/b', 'plant/south'], 6],
  // A shared prefix must not swallow a whole name.
  [['belt-', 'belt-1'], 0],
  [[], 0],
])('%j share %d', (names, length) => expect(sharedLength(names)).toBe(length));
