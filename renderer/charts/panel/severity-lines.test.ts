import { expect, it } from 'vitest';
import { sortByUrgency } from './severity-lines.ts';

const names = (...all: string[]) => sortByUrgency(all.map((name) => ({ name }))).map(({ name }) => name);

it('puts counts by severity in the order of urgency', () =>
  expect(names('CRITICAL', 'HIGH', 'INFO', 'WARNING')).toEqual(['CRITICAL', 'HIGH', 'WARNING', 'INFO']));
it('leaves lines of other names where they are', () => expect(names('INFO', 'belt-1', 'HIGH')).toEqual(['INFO', 'belt-1', 'HIGH']));
