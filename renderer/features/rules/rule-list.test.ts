import { describe, expect, it } from 'vitest';
import { chart as storedChart } from '#common/contract/charts.ts';
import { type Rule, type RuleStateName, ruleInput } from '#common/contract/rules.ts';
import { dayMs, hourMs } from '#common/time/durations.ts';
import { firingDays, shownDays } from './firing-days.ts';
import { codeOfCopy, countStates, isLate, listOf, type RulesAddress, rowsOf, rulesAddress } from './rule-list.ts';
import { thresholdsOf } from './thresholds.ts';

const record = { version: 1, createdAt: 0, createdBy: 'sara', updatedAt: 0, updatedBy: 'sara' };
const threshold = { kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '<', threshold: 0.5 } as const;
function rule(code: string, states: readonly RuleStateName[], more: Partial<Rule> = {}): Rule {
  const status = { labels: {}, since: 0, evaluatedAt: 0, value: null, reasons: [] };
  return {
    ...ruleInput.parse({ code, name: code.toUpperCase(), chartCode: 'speed', conditions: [threshold], severity: 'HIGH' }),
    ...record,
    statuses: states.map((state, at) => ({ ...status, seriesKey: String(at), state })),
    evaluatedAt: 0,
    firedLastWeek: 0,
    lastFiredAt: null,
    newChartVersion: null,
    chartUnit: null,
    ...more,
  };
}
const chart = (code: string, loaderCode: string) =>
  storedChart.parse({ ...record, code, title: `Chart ${code}`, unit: 'm/s', selector: { from: 'signal', loaderCode } });
const charts = [chart('speed', 'belts'), chart('lag', 'orders')];
const rowsFor = (rules: readonly Rule[]) => rowsOf(rules, charts, ({ code }, unit) => `sentence of ${code} in ${unit}`);
const codes = (rules: readonly Rule[], asked: Partial<RulesAddress> = {}) =>
  listOf(rowsFor(rules), { ...rulesAddress.parse({}), ...asked }).map((row) => row.rule.code);

describe('the rows of the list', () => {
  it('have the worst state of their series, and how many are in it', () => {
    const rows = rowsFor([
      rule('a', ['OK', 'FIRING', 'FIRING']),
      rule('b', ['OK', 'NO_DATA']),
      rule('c', []),
      rule('d', ['FIRING'], { enabled: false }),
    ]);
    expect(rows.map(({ state, inState, ofSeries }) => [state, inState, ofSeries])).toEqual([
      ['firing', 2, 3],
      ['no-data', 1, 2],
      // On, but without a result: it must not look healthy.
      ['unevaluated', 0, 0],
      ['paused', 0, 1],
    ]);
    expect(countStates(rows)).toEqual({ firing: 1, error: 0, 'no-data': 1, pending: 0, unevaluated: 1, ok: 0, paused: 1 });
  });

  it('have the unit of the version of the chart that the rule evaluates, or of the newest if the backend doesn’t say', () => {
    const rows = rowsFor([rule('pinned', ['OK'], { chartVersion: 1, newChartVersion: 2, chartUnit: 'km/h' }), rule('older', ['OK'])]);
    expect(rows.map(({ unit, condition }) => [unit, condition])).toEqual([
      ['km/h', 'sentence of pinned in km/h'],
      ['m/s', 'sentence of older in m/s'],
    ]);
  });

  it('have a noise in relation to the noisiest rule, and a rank that equal ones share', () => {
    const fired = [8, 2, null, 2, 0].map((firedLastWeek, at) => rule(`r${at}`, ['OK'], { firedLastWeek }));
    expect(rowsFor(fired).map(({ noise, rank }) => [noise, rank])).toEqual([
      [1, 1],
      [0.25, 2],
      [0, null],
      [0.25, 2],
      [0, null],
    ]);
    expect(rowsFor([rule('quiet', ['OK'])]).map(({ noise, rank }) => [noise, rank])).toEqual([[0, null]]);
  });

  it('are sorted by urgency, then severity, then noise', () => {
    const rules = [
      rule('ok-noisy', ['OK'], { firedLastWeek: 9 }),
      rule('paused', [], { enabled: false, firedLastWeek: 50 }),
      rule('ok', ['OK']),
      rule('error', ['ERROR']),
      rule('fires-low', ['FIRING'], { severity: 'WARNING' }),
      rule('fires', ['FIRING'], { severity: 'CRITICAL' }),
      rule('blind', ['NO_DATA']),
      rule('new', []),
    ];
    expect(codes(rules)).toEqual(['fires', 'fires-low', 'error', 'blind', 'new', 'ok-noisy', 'ok', 'paused']);
    expect(codes(rules, { reverse: true })[0]).toBe('paused');
  });

  it('are sorted by any column, in both directions; rules without an owner come last', () => {
    const rules = [
      rule('a', ['OK'], { owner: '', evaluatedAt: 3, firedLastWeek: 1, chartCode: 'speed' }),
      rule('b', ['OK'], { owner: 'zoe', evaluatedAt: 1, firedLastWeek: 5, chartCode: 'lag' }),
      rule('c', ['OK'], { owner: 'adam', evaluatedAt: 2, firedLastWeek: null, chartCode: 'speed' }),
    ];
    expect(codes(rules, { sort: 'owner' })).toEqual(['c', 'b', 'a']);
    expect(codes(rules, { sort: 'evaluated' })).toEqual(['b', 'c', 'a']);
    expect(codes(rules, { sort: 'fired' })).toEqual(['b', 'a', 'c']);
    expect(codes(rules, { sort: 'chart' })[0]).toBe('b');
    expect(codes(rules, { sort: 'name', reverse: true })).toEqual(['c', 'b', 'a']);
  });

  it('are found by every word of the search, in any text', () => {
    const rules = [rule('belt-low', ['OK'], { owner: 'Line team' }), rule('orders-lag', ['OK'], { chartCode: 'lag' })];
    expect(codes(rules, { q: 'LINE belt' })).toEqual(['belt-low']);
    expect(codes(rules, { q: 'chart lag' })).toEqual(['orders-lag']);
    expect(codes(rules, { q: 'sentence of orders' })).toEqual(['orders-lag']);
    expect(codes(rules, { q: 'belt orders' })).toEqual([]);
  });

  it('are filtered by state, severity, chart, loader and owner', () => {
    const rules = [
      rule('a', ['FIRING'], { severity: 'CRITICAL', owner: 'sara' }),
      rule('b', ['OK'], { chartCode: 'lag' }),
      rule('c', ['OK'], { chartCode: 'gone' }),
    ];
    expect(codes(rules, { state: 'firing' })).toEqual(['a']);
    expect(codes(rules, { severity: 'CRITICAL' })).toEqual(['a']);
    expect(codes(rules, { chart: 'gone' })).toEqual(['c']);
    expect(codes(rules, { loader: 'orders' })).toEqual(['b']);
    expect(codes(rules, { owner: 'sara' })).toEqual(['a']);
    expect(codes(rules, { owner: '-' })).toEqual(['b', 'c']);
  });
});

describe('a copy of a rule', () => {
  it('has a code that no rule has', () => {
    expect(codeOfCopy('belt', new Set(['belt']))).toBe('belt-copy');
    expect(codeOfCopy('belt-copy', new Set(['belt', 'belt-copy', 'belt-copy-2', 'belt-copy-3']))).toBe('belt-copy-4');
    const long = codeOfCopy('x'.repeat(64), new Set());
    expect(ruleInput.shape.code.safeParse(long).success).toBe(true);
  });
});

it('a rule is late after three intervals, unless it is paused or new', () => {
  const every = { evaluateEveryMs: 10_000, evaluatedAt: 1_000_000 };
  expect(isLate(rule('r', ['OK'], every), 1_000_000 + 45_000)).toBe(false);
  expect(isLate(rule('r', ['OK'], every), 1_000_000 + 45_001)).toBe(true);
  expect(isLate(rule('r', [], { ...every, enabled: false }), 2_000_000)).toBe(false);
  expect(isLate(rule('r', [], { ...every, evaluatedAt: null }), 2_000_000)).toBe(false);
});

describe('the thresholds of a rule', () => {
  const of = (conditions: Rule['conditions']) => thresholdsOf({ conditions, severity: 'HIGH' }, 'm/s');
  it('are those in the chart’s unit, with the side on which they are reached', () => {
    expect(of([threshold])).toEqual([{ value: 0.5, severity: 'HIGH', label: '< 0.5 m/s', reached: 'below' }]);
    const levels = [{ severity: 'CRITICAL' as const, threshold: 3 }];
    expect(of([{ ...threshold, operator: '>', threshold: 2, levels }])).toEqual([
      { value: 2, severity: 'HIGH', label: '> 2 m/s' },
      { value: 3, severity: 'CRITICAL', label: '> 3 m/s' },
    ]);
    expect(of([{ ...threshold, operator: 'outside', threshold: 1, upper: 2 }]).map(({ value }) => value)).toEqual([1, 2]);
  });
  it('leave out conditions that compare something else', () => {
    expect(of([{ ...threshold, kind: 'change', agoMs: 60_000, as: 'percent' }])).toEqual([]);
    expect(of([{ kind: 'absent', windowMs: 60_000 }])).toEqual([]);
  });
});

describe('the days of a rule', () => {
  // A change to summer time lies between: the night of 29 March 2026 has 23 hours in Berlin.
  const now = Date.parse('2026-04-10T10:00:00Z');
  const at = (text: string) => ({ firedAt: Date.parse(text) });
  it('are the last four weeks in the reader’s time zone, each with its firings', () => {
    const days = firingDays(
      [at('2026-04-10T09:00:00Z'), at('2026-04-09T21:30:00Z'), at('2026-04-09T22:30:00Z'), at('2026-03-28T23:30:00Z')],
      now,
      'Europe/Berlin',
    );
    expect(days).toHaveLength(shownDays);
    expect(days.filter(({ count }) => count > 0).map(({ from, count }) => [new Date(from).toISOString(), count])).toEqual([
      ['2026-03-28T23:00:00.000Z', 1],
      ['2026-04-08T22:00:00.000Z', 1],
      ['2026-04-09T22:00:00.000Z', 2],
    ]);
    expect((days[0]?.from ?? 0) + (shownDays - 1) * dayMs + hourMs).toBeGreaterThan(days.at(-1)?.from ?? 0);
  });
});
