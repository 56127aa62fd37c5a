import { expect, test } from 'vitest';
import { currentAcknowledgement, currentSnooze } from './handling.ts';

const acknowledgement = { by: 'sara', at: 1, note: '' };

test.each([
  ['lasts until the alert resolves', null, true],
  ['has not expired', 101, true],
  ['expires at that moment', 100, false],
])('an acknowledgement that %s', (_what, expiresAt, isCurrent) => {
  const alert = { acknowledgement: { ...acknowledgement, expiresAt } };
  expect(currentAcknowledgement(alert, 100)).toBe(isCurrent ? alert.acknowledgement : null);
});

test.each([
  ['has time left', 101, true],
  ['ends at that moment', 100, false],
])('a snooze that %s', (_what, until, isCurrent) => {
  const alert = { snooze: { by: 'sara', at: 1, reason: 'parts', until } };
  expect(currentSnooze(alert, 100)).toBe(isCurrent ? alert.snooze : null);
});

test('an alert that nobody handles has neither', () => {
  expect(currentAcknowledgement({ acknowledgement: null }, 100)).toBeNull();
  expect(currentSnooze({ snooze: null }, 100)).toBeNull();
});
