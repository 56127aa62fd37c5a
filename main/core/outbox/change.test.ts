import { describe, expect, test } from 'vitest';
import type { Alert } from '#common/contract/alerts.ts';
import { RetryLaterError, UnreachableError } from '#common/contract/client.ts';
import { AppError } from '#common/contract/errors.ts';
import { overlay } from '../alerts/overlay.ts';
import { sampleAlert } from '../alerts/sample.ts';
import type { AlertChange } from './change.ts';
import { applied, byBackendClock, opposite } from './change.ts';
import { outcomeOf } from './outcome.ts';

const nobody: AlertChange['before'] = { acknowledgement: null, snooze: null };
const omar = { by: 'omar', at: 10, note: 'looking', expiresAt: null };
const ack = (before = nobody): AlertChange => ({
  kind: 'acknowledge',
  alertId: 'a',
  at: 100,
  by: 'sara',
  before,
  note: 'mine',
  expiresAt: null,
});
const snooze = (before = nobody): AlertChange => ({
  kind: 'snooze',
  alertId: 'a',
  at: 100,
  by: 'sara',
  before,
  until: 900,
  reason: 'planned',
});

describe('pending changes are applied to the cached copy', () => {
  const copy = (alert: Partial<Alert> = {}) => ({ connectionId: 'c', alert: sampleAlert(alert), asOf: 50 });

  test('in order, and marked as pending', () => {
    const give: AlertChange = { kind: 'unacknowledge', alertId: 'a', at: 200, by: 'sara', before: nobody };
    const shown = overlay(copy(), [ack(), snooze(), give]);
    expect(shown.acknowledgement).toBeNull();
    expect(shown.snooze).toEqual({ by: 'sara', at: 100, until: 900, reason: 'planned' });
    expect(shown.waiting).toEqual(['acknowledge', 'snooze', 'unacknowledge']);
    expect(shown.asOf).toBe(50);
  });

  test('nothing waiting leaves the copy as it is', () => {
    expect(overlay(copy({ acknowledgement: omar }), [])).toEqual({
      ...sampleAlert({ acknowledgement: omar }),
      connectionId: 'c',
      asOf: 50,
      waiting: [],
    });
  });

  test('a resolved alert is shown as the backend sent it, with the change still pending', () => {
    const shown = overlay(copy({ state: 'RESOLVED', resolvedAt: 90 }), [ack()]);
    expect(shown.acknowledgement).toBeNull();
    expect(shown.waiting).toEqual(['acknowledge']);
  });
});

describe('times by a wrong clock', () => {
  test('are corrected by the known difference, once', () => {
    const moved = byBackendClock(snooze(), -60);
    expect(moved).toMatchObject({ at: 40, until: 840, backendClock: true });
    expect(byBackendClock(moved, -60)).toEqual(moved);
    expect(byBackendClock({ ...ack(), expiresAt: 500 } as AlertChange, 7)).toMatchObject({ at: 107, expiresAt: 507 });
    expect(byBackendClock(ack(), 7)).toMatchObject({ at: 107, expiresAt: null });
  });

  test('earlier times are by the backend’s clock already: undo does not shift them', () => {
    const before = { acknowledgement: null, snooze: { by: 'omar', at: 10, until: 800, reason: 'night' } };
    const back = opposite(byBackendClock(snooze(before), -60), 50);
    expect(back).toMatchObject({ kind: 'snooze', at: 50, until: 800, backendClock: true });
  });
});

describe('undo', () => {
  test.each([
    ['a first acknowledgement gives it back', ack(), { kind: 'unacknowledge' }],
    ['one over another restores the other', ack({ ...nobody, acknowledgement: omar }), { kind: 'acknowledge', note: 'looking' }],
    ['a snooze ends', snooze(), { kind: 'unsnooze' }],
    [
      'a longer snooze becomes the shorter again',
      snooze({ ...nobody, snooze: { by: 'omar', at: 1, until: 500, reason: 'parts' } }),
      { kind: 'snooze', until: 500 },
    ],
    [
      'a snooze over one that ran out ends',
      snooze({ ...nobody, snooze: { by: 'omar', at: 1, until: 99, reason: 'parts' } }),
      { kind: 'unsnooze' },
    ],
  ])('%s', (_what, change, expected) => {
    expect(opposite(change, 150)).toMatchObject({ ...expected, alertId: 'a', at: 150, by: 'sara' });
  });

  test('releasing an alert without an owner has no opposite', () => {
    expect(opposite({ kind: 'unacknowledge', alertId: 'a', at: 1, by: 'sara', before: nobody }, 2)).toBeNull();
    expect(opposite({ kind: 'unsnooze', alertId: 'a', at: 1, by: 'sara', before: nobody }, 2)).toBeNull();
  });

  test('undoing an undo is the change again', () => {
    const back = opposite(ack({ ...nobody, acknowledgement: omar }), 150);
    expect(back && opposite(back, 160)).toMatchObject({ kind: 'acknowledge', note: 'mine' });
    expect(applied(nobody, ack()).acknowledgement).toEqual({ by: 'sara', at: 100, note: 'mine', expiresAt: null });
  });
});

describe('a failed delivery', () => {
  test.each([
    ['no answer', new UnreachableError('gone'), 'again'],
    ['patience', new RetryLaterError(new AppError('rate_limited', 'slow down'), 3_000), 'again'],
    ['a fault of the server', new AppError('internal', 'broken'), 'again'],
    ['time up', new AppError('timeout', 'late'), 'again'],
    ['signed out', new AppError('token_expired', 'old'), 'again'],
    ['the first try still running', new AppError('conflict', 'running', { field: 'idempotency-key' }), 'again'],
    ['resolved in the meantime', new AppError('already_resolved', 'over'), 'moot'],
    ['a conflict', new AppError('conflict', 'taken'), 'refused'],
    ['no right', new AppError('forbidden', 'no'), 'refused'],
    ['unknown alert', new AppError('not_found', 'no'), 'refused'],
    ['a time gone by', new AppError('validation_failed', 'past', { field: 'until' }), 'refused'],
  ])('%s', (_what, error, kind) => expect(outcomeOf(error).kind).toBe(kind));

  test('waits as long as the backend asked', () => {
    expect(outcomeOf(new RetryLaterError(new AppError('rate_limited', 'slow down'), 3_000))).toEqual({ kind: 'again', afterMs: 3_000 });
  });
});
