import { describe, expect, it } from 'vitest';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Loader } from '#common/contract/loaders.ts';
import { hourMs, lastHourMarks } from './last-hour-marks.ts';

const now = 10 * hourMs;
const alert = (more: Partial<FeedAlert>): FeedAlert =>
  ({
    id: 'a1',
    connectionId: 'c1',
    ruleName: 'Belt speed low',
    labels: { segment: 'belt-2' },
    severity: 'CRITICAL',
    firedAt: now - 60_000,
    resolvedAt: null,
    acknowledgement: null,
    snooze: null,
    ...more,
  }) as FeedAlert;

describe('lastHourMarks', () => {
  it('marks each turn of an alert, oldest first', () => {
    const taken = { by: 'sara', at: now - 30_000, note: '', expiresAt: null };
    const marks = lastHourMarks([alert({ acknowledgement: taken, resolvedAt: now - 10_000 })], [], now);
    expect(marks.map(({ lane, label }) => [lane, label])).toEqual([
      ['fired', 'Belt speed low · belt-2'],
      ['taken', 'Belt speed low · belt-2 · sara'],
      ['resolved', 'Belt speed low · belt-2'],
    ]);
    expect(marks[0]?.severity).toBe('CRITICAL');
  });

  it('leaves out what is older than an hour or lies ahead', () => {
    expect(lastHourMarks([alert({ firedAt: now - hourMs }), alert({ id: 'a2', firedAt: now + 1 })], [], now)).toEqual([]);
    expect(lastHourMarks([alert({ firedAt: now - hourMs + 1 })], [], now)).toHaveLength(1);
  });

  it('marks a loader by its failed run, not by one that went well', () => {
    const failed = { code: 'l1', name: 'L1', lastRun: { startedAt: now - 5, error: { code: 'x', message: 'no table' } } } as Loader;
    const well = { code: 'l2', name: 'L2', lastRun: { startedAt: now - 5, error: null } } as Loader;
    expect(lastHourMarks([], [failed, well], now).map(({ label }) => label)).toEqual(['L1 · no table']);
  });
});
