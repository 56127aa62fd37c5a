import { describe, expect, it } from 'vitest';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Loader } from '#common/contract/loaders.ts';
import { hourMs } from '#common/time/durations.ts';
import { lastHourMarks } from './last-hour-marks.ts';

const now = 10 * hourMs;
const step = 20_000;
const alert = (more: Partial<FeedAlert>): FeedAlert =>
  ({
    id: 'a1',
    connectionId: 'c1',
    ruleName: 'Belt speed low',
    labels: { segment: 'belt-2' },
    ruleLabels: {},
    severity: 'CRITICAL',
    firedAt: now - 60_000,
    resolvedAt: null,
    acknowledgement: null,
    snooze: null,
    ...more,
  }) as FeedAlert;

describe('lastHourMarks', () => {
  it('marks each turn of an alert, oldest first', () => {
    const acknowledgement = { by: 'sara', at: now - 30_000, note: '', expiresAt: null };
    const marks = lastHourMarks([alert({ acknowledgement, resolvedAt: now - 10_000 })], [], now, step);
    expect(marks.map(({ lane, label }) => [lane, label])).toEqual([
      ['fired', 'Belt speed low · belt-2'],
      ['acknowledged', 'Belt speed low · belt-2 · sara'],
      ['resolved', 'Belt speed low · belt-2'],
    ]);
    expect(marks[0]?.severity).toBe('CRITICAL');
  });

  it('leaves out events that are older than an hour or in the future', () => {
    expect(lastHourMarks([alert({ firedAt: now - hourMs }), alert({ id: 'a2', firedAt: now + 1 })], [], now, step)).toEqual([]);
    expect(lastHourMarks([alert({ firedAt: now - hourMs + 1 })], [], now, step)).toHaveLength(1);
  });

  it('makes one mark of what would be drawn over one another, and shows the most urgent of it', () => {
    const at = now - 60_000;
    const storm = Array.from({ length: 2_000 }, (_, n) =>
      alert({ id: `a${n}`, firedAt: at + (n % 7), severity: n === 1_999 ? 'CRITICAL' : n === 3 ? 'HIGH' : 'INFO', ruleName: `Rule ${n}` }),
    );
    const [mark, ...others] = lastHourMarks(storm, [], now, step);
    expect(others).toEqual([]);
    expect(mark).toMatchObject({ count: 2_000, severity: 'CRITICAL', label: 'Rule 1999 · belt-2', at, to: at + 6 });
    expect(mark?.target).toMatchObject({ id: 'a1999' });
  });

  it('keeps marks of a lane at least a step apart, however they fall', () => {
    const alerts = Array.from({ length: 3_000 }, (_, n) => alert({ id: `a${n}`, firedAt: now - ((n * 7_919) % hourMs) }));
    const places = lastHourMarks(alerts, [], now, step).map(({ middle }) => middle);
    expect(places.length).toBeLessThanOrEqual(hourMs / step + 1);
    expect(places.length).toBeGreaterThan(100);
    const steps = places.slice(1, -1).map((place, n) => place - (places[n] ?? 0));
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(step);
  });

  it('marks a loader by its failed run, not by one that went well', () => {
    const failed = { code: 'l1', name: 'L1', lastRun: { startedAt: now - 5, error: { code: 'x', message: 'no table' } } } as Loader;
    const well = { code: 'l2', name: 'L2', lastRun: { startedAt: now - 5, error: null } } as Loader;
    expect(lastHourMarks([], [failed, well], now, step).map(({ label }) => label)).toEqual(['L1 · no table']);
  });
});
