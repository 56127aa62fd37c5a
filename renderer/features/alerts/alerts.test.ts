import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { severities } from '#common/contract/primitives.ts';
import { holdRows, neighbour } from '#renderer/ui/held-rows.ts';
import { chartRange } from './chart-range.ts';
import { comparison } from './comparison.ts';
import { alertsAddress, countsOf, inView, listOf, matches, readyRulesIn, type Viewing, views, worst } from './views.ts';

const me: Viewing = { me: new Map([['c', 'sara']]), isSilenced: ({ labels }) => labels['segment'] === 'belt-9' };

function alert(change: Partial<FeedAlert> = {}): FeedAlert {
  return {
    id: '01',
    connectionId: 'c',
    ruleCode: 'belt-speed-low',
    ruleName: 'Belt speed low',
    chartCode: 'belt-speed',
    seriesKey: '[]',
    ruleLabels: {},
    annotations: {},
    labels: { segment: 'belt-2' },
    severity: 'CRITICAL',
    state: 'FIRING',
    cause: 'condition',
    value: 0.5,
    threshold: 0.6,
    operator: '<',
    unit: 'm/s',
    reasons: [],
    startedAt: 1_000,
    firedAt: 2_000,
    resolvedAt: null,
    suppressed: false,
    acknowledgement: null,
    snooze: null,
    runbook: '',
    version: 1,
    waiting: [],
    asOf: 3_000,
    ...change,
  };
}
const acknowledged = (by: string) => ({ by, at: 0, note: '', expiresAt: null });
const snoozed = { by: 'sara', at: 0, until: 9_000, reason: 'known' };

const someAlert = fc
  .record({
    id: fc.uuid(),
    severity: fc.constantFrom(...severities),
    firedAt: fc.integer({ min: 0, max: 50 }),
    firing: fc.boolean(),
    by: fc.constantFrom(null, 'sara', 'omar'),
    snoozed: fc.boolean(),
    rule: fc.constantFrom('A', 'B'),
  })
  .map(({ firing, by, snoozed: isSnoozed, rule, ...rest }) =>
    alert({
      ...rest,
      ruleName: rule,
      state: firing ? 'FIRING' : 'RESOLVED',
      resolvedAt: firing ? null : rest.firedAt + 1,
      acknowledgement: by && acknowledged(by),
      snooze: isSnoozed ? snoozed : null,
    }),
  );
const someAlerts = fc.uniqueArray(someAlert, { selector: (one) => one.id, maxLength: 20 });

it('counts the alerts of a view by ready rule, and narrows the list to one', () => {
  const some = ['host-disk-full', 'host-disk-full', 'host-cpu-high', undefined].map((templateCode, i) =>
    alert({ id: String(i), ...(templateCode !== undefined && { templateCode }), ...(i === 1 && { state: 'RESOLVED', resolvedAt: 5_000 }) }),
  );
  expect([...readyRulesIn(some, 'firing', me)]).toEqual([
    ['host-disk-full', 1],
    ['host-cpu-high', 1],
  ]);
  const address = alertsAddress.parse({ template: 'host-disk-full' });
  expect(listOf(some, address, me).map(({ id }) => id)).toEqual(['0']);
  expect(listOf(some, { ...address, view: 'history' }, me).map(({ id }) => id)).toEqual(['1']);
});

describe('views', () => {
  it.each([
    [{}, ['unowned', 'firing']],
    [{ acknowledgement: acknowledged('sara') }, ['mine', 'firing']],
    [{ acknowledgement: acknowledged('omar') }, ['firing']],
    [{ snooze: snoozed }, ['firing', 'snoozed']],
    [{ labels: { segment: 'belt-9' } }, ['unowned', 'firing', 'silenced']],
    [{ labels: { segment: 'belt-9' }, state: 'RESOLVED' as const, resolvedAt: 5_000 }, ['history']],
    [{ state: 'RESOLVED' as const, resolvedAt: 5_000, acknowledgement: acknowledged('sara') }, ['history']],
  ])('%j stands in %j', (change, expected) => {
    expect(views.filter((view) => inView(alert(change), view, me))).toEqual(expected);
  });

  it('counts what each view lists', () => {
    fc.assert(
      fc.property(someAlerts, (all) => {
        const counts = countsOf(all, me);
        for (const view of views) expect(listOf(all, alertsAddress.parse({ view }), me)).toHaveLength(counts[view]);
      }),
    );
  });

  it('puts the most urgent first, then the newest, in the same order however the alerts arrive', () => {
    fc.assert(
      fc.property(someAlerts, (all) => {
        const list = listOf(all, alertsAddress.parse({}), me);
        expect(listOf([...all].reverse(), alertsAddress.parse({}), me)).toEqual(list);
        list.slice(1).forEach((one, i) => {
          const before = list[i];
          const fall = severities.indexOf(before?.severity ?? 'INFO') - severities.indexOf(one.severity);
          expect(fall > 0 || (fall === 0 && (before?.firedAt ?? 0) >= one.firedAt)).toBe(true);
        });
      }),
    );
  });

  it('finds words in any order, in any part of the row', () => {
    const one = alert({ acknowledgement: acknowledged('omar') });
    expect(['belt-2 low', 'CRITICAL', 'omar belt', ''].every((q) => matches(one, q))).toBe(true);
    expect(matches(one, 'belt-3')).toBe(false);
  });

  it('knows the worst', () => {
    expect(worst([alert({ severity: 'INFO' }), alert({ severity: 'HIGH' })])).toBe('HIGH');
    expect(worst([])).toBeNull();
  });
});

describe('a held list', () => {
  const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 12 });
  it('moves no row, hides no row and lets nothing in', () => {
    const some = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(some, keys, (before, wanted) => {
        const shown = holdRows({ question: 'q', keys: before }, 'q', wanted, true, () => true);
        expect(shown.keys).toEqual(before);
        expect(new Set([...shown.keys, ...shown.waiting])).toEqual(new Set([...before, ...wanted]));
        expect(shown.waiting.some((key) => before.includes(key))).toBe(false);
      }),
    );
  });
  it('changes to the current rows once released, or for another question', () => {
    fc.assert(
      fc.property(keys, keys, (before, wanted) => {
        const previous = { question: 'q', keys: before };
        expect(holdRows(previous, 'q', wanted, false, () => true)).toEqual({ question: 'q', keys: wanted, waiting: [] });
        expect(holdRows(previous, 'other', wanted, true, () => true).keys).toEqual(wanted);
        expect(holdRows(null, 'q', wanted, true, () => true).keys).toEqual(wanted);
        expect(holdRows({ question: 'q', keys: [] }, 'q', wanted, true, () => true).keys).toEqual(wanted);
      }),
    );
  });
  it('is the same list as long as nothing changed, so that the table is not drawn again', () => {
    fc.assert(
      fc.property(keys, fc.boolean(), (before, held) => {
        const previous = { question: 'q', keys: before };
        expect(holdRows(previous, 'q', [...before], held, () => true).keys).toBe(before);
      }),
    );
  });
  it('drops a row that no longer exists', () => {
    expect(holdRows({ question: 'q', keys: ['a', 'b'] }, 'q', ['b'], true, (key) => key === 'b').keys).toEqual(['b']);
  });
  it('steps within its ends', () => {
    expect(neighbour(['a', 'b'], null, 1)).toBe('a');
    expect(neighbour(['a', 'b'], 'a', 1)).toBe('b');
    expect(neighbour(['a', 'b'], 'b', 1)).toBe('b');
    expect(neighbour(['a', 'b'], 'gone', -1)).toBe('a');
    expect(neighbour([], 'a', 1)).toBeUndefined();
  });
});

it('keeps alerts of two connections apart', () => {
  expect(alertKey({ connectionId: 'a', id: 'x' })).not.toBe(alertKey({ connectionId: 'b', id: 'x' }));
});

describe('a value against its threshold', () => {
  it.each([
    [0.4213, 0.6, 'm/s', '0.421', '< 0.6 m/s'],
    [48, 30, 's', '48', '< 30 s'],
    [93.4567, 90, '%', '93.5', '< 90 %'],
    [0.5, 0.625, 'V', '0.5', '< 0.625 V'],
    [1_500_000, 1_000_000, 'B/s', '1.5 MB/s', '< 1 MB/s'],
    [null, 0.6, 'm/s', '–', '< 0.6 m/s'],
  ])('%s and %s %s', (value, threshold, unit, left, right) => {
    expect(comparison({ value, threshold, operator: '<', unit })).toEqual({ value: left, against: right });
  });
});

describe('the chart beside an alert', () => {
  const minute = 60_000;
  it('shows all of the firing with some quiet before it, and after it when it is over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 * 1_440 }), fc.integer({ min: 0, max: 1_440 }), fc.boolean(), (age, length, over) => {
        const now = 10_000_000 * minute;
        const startedAt = now - (age + length) * minute;
        const resolvedAt = over ? startedAt + length * minute : null;
        const range = chartRange({ startedAt, resolvedAt }, now);
        const [from, to] = 'lastMs' in range ? [now - range.lastMs, now] : [range.from, range.to];
        expect('lastMs' in range).toBe(!over);
        expect(from).toBeLessThanOrEqual(startedAt - 5 * minute);
        expect(to).toBeGreaterThanOrEqual(resolvedAt ?? now);
      }),
    );
  });
});
