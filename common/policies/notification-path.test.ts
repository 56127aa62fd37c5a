import { describe, expect, test } from 'vitest';
import type { Alert } from '../contract/alerts.ts';
import type { AlertMatcher, Inhibition, Maintenance, Policies, Silence } from '../contract/policies.ts';
import { hourMs, minuteMs } from '../time/durations.ts';
import { PolicySnapshot } from './notification-path.ts';

const now = Date.parse('2026-06-07T00:30:00Z');
const idOf = (n: number) => `0198c0de-0000-7000-8000-00000000000${n}`;
const is = (name: string, value: string): AlertMatcher => ({ name, operator: '=', value });
const stored = { by: 'ada', createdAt: 0, version: 1 };
const silence = (n: number, changes: Partial<Silence> = {}): Silence => ({
  id: idOf(n),
  matchers: [is('belt', '7')],
  startsAt: now - minuteMs,
  endsAt: now + hourMs,
  reason: 'Belt 7 is repaired',
  ...stored,
  ...changes,
});
const window: Maintenance = {
  id: idOf(5),
  name: 'Sunday night',
  matchers: [is('belt', '7')],
  timeZone: 'Europe/Berlin',
  startsAt: '2026-01-04T01:00',
  durationMs: 4 * hourMs,
  recurrence: 'FREQ=WEEKLY;BYDAY=SU',
  reason: 'Backups run',
  ...stored,
};
const inhibition: Inhibition = {
  id: idOf(6),
  name: 'Power is off',
  source: [is('alertname', 'No power')],
  target: [is('severity', 'HIGH')],
  equal: [],
  ...stored,
};
type Subject = ConstructorParameters<typeof PolicySnapshot>[1][number];
const alert = (changes: Partial<Alert> = {}): Subject => ({
  id: idOf(1),
  labels: { belt: '7' },
  ruleName: 'Belt slow',
  ruleCode: 'slow',
  chartCode: 'speed',
  severity: 'HIGH',
  acknowledgement: null,
  snooze: null,
  suppressed: false,
  ...changes,
});
const none: Policies = { inhibitions: [], silences: [], maintenance: [] };
const pathOf = (policies: Partial<Policies>, one = alert(), others: Subject[] = [], at = now) =>
  new PolicySnapshot({ ...none, ...policies }, [one, ...others], at).pathOf(one);

describe('an alert', () => {
  test('that nothing stops notifies, and its path names each step', () => {
    const { notifies, steps } = pathOf({});
    expect(notifies).toBe(true);
    expect(steps).toEqual(
      ['inhibition', 'silence', 'maintenance', 'acknowledgement', 'snooze', 'suppression'].map((step) => ({ step, stop: null })),
    );
  });

  test('is stopped by the first policy in their order; the path ends there', () => {
    const power = alert({ id: idOf(2), ruleName: 'No power', severity: 'CRITICAL' });
    const all: Policies = { inhibitions: [inhibition], silences: [silence(3)], maintenance: [window] };
    const owned = alert({
      acknowledgement: { by: 'omar', at: now, note: '', expiresAt: null },
      snooze: { by: 'omar', at: now, until: now + hourMs, reason: 'Wait for the spare part' },
      suppressed: true,
    });
    const stops = [
      { step: 'inhibition', stop: { inhibitionId: idOf(6), name: 'Power is off', sourceId: idOf(2) } },
      { step: 'silence', stop: { silenceId: idOf(3), by: 'ada', reason: 'Belt 7 is repaired', until: now + hourMs } },
      {
        step: 'maintenance',
        stop: { maintenanceId: idOf(5), name: 'Sunday night', reason: 'Backups run', until: Date.parse('2026-06-07T03:00:00Z') },
      },
      { step: 'acknowledgement', stop: { by: 'omar', until: null } },
      { step: 'snooze', stop: { by: 'omar', reason: 'Wait for the spare part', until: now + hourMs } },
      { step: 'suppression', stop: {} },
    ];
    const removals: [Partial<Policies>, Subject, Subject[]][] = [
      [all, owned, [power]],
      [{ ...all, inhibitions: [] }, owned, [power]],
      [{ ...all, silences: [] }, owned, []],
      [{}, owned, []],
      [{}, { ...owned, acknowledgement: null }, []],
      [{}, { ...owned, acknowledgement: null, snooze: null }, []],
    ];
    for (const [i, [policies, one, others]] of removals.entries()) {
      const { notifies, steps } = pathOf(policies, one, others);
      expect(notifies).toBe(false);
      expect(steps).toHaveLength(i + 1);
      expect(steps.at(-1)).toEqual(stops[i]);
    }
  });

  test('passes what has not begun, what has ended, and what matches others', () => {
    const silences = [
      silence(2, { startsAt: now + 1 }),
      silence(3, { endsAt: now }),
      silence(4, { matchers: [is('belt', '7'), is('severity', 'CRITICAL')] }),
    ];
    const gone = alert({
      acknowledgement: { by: 'omar', at: 0, note: '', expiresAt: now },
      snooze: { by: 'omar', at: 0, until: now, reason: 'Wait' },
    });
    expect(pathOf({ silences, maintenance: [window] }, gone, [], now - 2 * hourMs).notifies).toBe(false);
    expect(pathOf({ silences, maintenance: [{ ...window, matchers: [is('belt', '8')] }] }, gone).notifies).toBe(true);
  });

  test('with several silences names the one that ends last', () => {
    const silences = [silence(2), silence(3, { endsAt: now + 2 * hourMs }), silence(4)];
    expect(pathOf({ silences }).steps.at(-1)?.stop).toMatchObject({ silenceId: idOf(3), until: now + 2 * hourMs });
  });
});
