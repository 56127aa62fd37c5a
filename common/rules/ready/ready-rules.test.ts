import { describe, expect, it } from 'vitest';
import { type ChartDefinition, type ChartDefinitionInput, chartDefinition } from '../../contract/charts.ts';
import { type RuleInput, ruleInput } from '../../contract/rules.ts';
import { dayMs, hourMs, minuteMs, secondMs, weekMs } from '../../time/durations.ts';
import { backtest, measureHistory } from '../backtest.ts';
import { evaluate } from '../evaluate.ts';
import { measure } from '../measure.ts';
import { type PointColumns, PointWindows } from '../points.ts';
import type { RuleRecord } from '../record.ts';
import { computeReference } from '../reference.ts';
import { getReadyRule, readyRules, readyRulesFor, ruleFromReady } from './index.ts';

const start = Date.parse('2026-06-01T00:00Z');
const english = { language: 'en', taken: [] } as const;
const metric = (name: string, more: Partial<ChartDefinitionInput> = {}) =>
  chartDefinition.parse({ code: 'chart', title: 'Chart', selector: { from: 'metric', name }, ...more });
const signal = (loaderCode: string, more: Partial<ChartDefinitionInput> = {}) =>
  chartDefinition.parse({ code: 'chart', title: 'Chart', selector: { from: 'signal', loaderCode }, ...more });

/** A value that moves a little around `level`, and by half with the time of day. Depends on its arguments alone. */
const lively =
  (level: number, daily = 0) =>
  (t: number) =>
    level * (1 + 0.02 * Math.sin(t / 7_001) + daily * Math.sin((2 * Math.PI * t) / dayMs));
const constant = (value: number) => () => value;
type Values = (t: number) => number | null;

interface Case {
  chart: ChartDefinition;
  healthy: Values;
  /** The values from the time of the fault on, `sinceMs` after it. */
  faulty: (t: number, sinceMs: number) => number | null;
  /** Distance of the points. */
  everyMs?: number;
  /** How long before the fault there are points. */
  historyMs?: number;
  /** How long the fault lasts. */
  faultMs?: number;
}

const cases: Record<(typeof readyRules)[number]['code'], Case> = {
  'loader-lag': { chart: metric('watchfloor_loader_lag_seconds', { unit: 's' }), healthy: lively(4), faulty: (_, since) => since / 1_000 },
  'loader-slow': {
    chart: metric('watchfloor_loader_run_duration_ms', { unit: 'ms' }),
    healthy: lively(120, 0.5),
    faulty: constant(900),
    historyMs: 8 * dayMs,
  },
  'loader-failing': { chart: metric('watchfloor_loader_failures'), healthy: constant(0), faulty: constant(1) },
  'loader-rejects': { chart: metric('watchfloor_loader_rows_rejected'), healthy: constant(0), faulty: constant(2) },
  'host-cpu-high': { chart: metric('host_cpu_percent', { unit: '%', max: 100 }), healthy: lively(45, 0.5), faulty: constant(99) },
  'host-silent': { chart: metric('host_cpu_percent', { unit: '%', max: 100 }), healthy: lively(45), faulty: constant(null as never) },
  'host-memory-high': { chart: metric('host_memory_percent', { unit: '%', max: 100 }), healthy: lively(80), faulty: constant(93) },
  'host-disk-full': { chart: metric('host_disk_percent', { unit: '%', max: 100 }), healthy: lively(70), faulty: constant(85) },
  'host-disk-filling': {
    chart: metric('host_disk_percent', { unit: '%', max: 100 }),
    healthy: lively(72),
    faulty: (_, since) => 72 + (3 * since) / hourMs,
    faultMs: 8 * hourMs,
    everyMs: minuteMs,
  },
  'host-load-high': { chart: metric('host_load1'), healthy: lively(2, 0.5), faulty: constant(16), historyMs: 8 * dayMs },
  'host-network-silent': {
    chart: metric('host_network_receive_bytes_per_second', { unit: 'B/s' }),
    healthy: lively(20_000, 0.5),
    faulty: constant(0),
    historyMs: 2 * dayMs,
  },
  'belt-speed-low': { chart: signal('belt-speed', { unit: 'm/s' }), healthy: lively(1), faulty: constant(0.45), everyMs: 2 * secondMs },
  'belt-jam': {
    chart: signal('belt-speed', { unit: 'm/s' }),
    healthy: lively(1),
    faulty: (t, since) => (since < 8_000 ? 0.5 : lively(1)(t)),
    everyMs: 2 * secondMs,
  },
  'belt-rejects-high': { chart: signal('belt-rejects', { unit: 'items/min' }), healthy: lively(4, 0.5), faulty: constant(40) },
  'belt-current-high': {
    chart: signal('belt-current', { unit: 'A' }),
    healthy: lively(5, 0.4),
    faulty: (t) => lively(5, 0.4)(t) + 6,
    historyMs: 8 * dayMs,
  },
  'belt-throughput-low': {
    chart: signal('belt-items', { unit: 'items/min' }),
    healthy: lively(150, 0.5),
    faulty: (t) => 0.5 * lively(150, 0.5)(t),
    historyMs: 2 * weekMs + dayMs,
  },
  'replication-lag': { chart: signal('orders-db-lag', { unit: 's' }), healthy: lively(0.4), faulty: (_, since) => since / 1_000 },
  'connections-near-limit': {
    chart: signal('orders-db', { title: 'Connections used', unit: '%', min: 0, max: 100 }),
    healthy: lively(40, 0.5),
    faulty: constant(88),
  },
  'slow-queries': {
    chart: signal('orders-db', { title: 'Query duration', unit: 'ms' }),
    healthy: lively(80, 0.5),
    faulty: constant(2_500),
  },
  'platform-slow-answers': { chart: metric('watchfloor_http_latency_ms_p95', { unit: 'ms' }), healthy: lively(40), faulty: constant(900) },
  'platform-errors': { chart: metric('watchfloor_http_requests_per_second'), healthy: constant(0), faulty: constant(0.4) },
  'platform-blocked': { chart: metric('watchfloor_event_loop_delay_ms', { unit: 'ms' }), healthy: lively(12), faulty: constant(900) },
  'platform-memory-growing': {
    chart: metric('watchfloor_process_rss_bytes', { unit: 'B' }),
    healthy: lively(3e8),
    faulty: (_, since) => 3e8 * (1 + since / (6 * hourMs)),
    historyMs: 2 * dayMs,
    faultMs: 8 * hourMs,
  },
  'platform-rules-slow': { chart: metric('watchfloor_rules_evaluation_ms', { unit: 'ms' }), healthy: lively(80), faulty: constant(8_000) },
  'platform-nothing-stored': {
    chart: metric('watchfloor_points_stored_per_second'),
    healthy: lively(40),
    faulty: constant(0),
    historyMs: 2 * dayMs,
  },
  'platform-store-damaged': { chart: metric('watchfloor_store_damaged'), healthy: constant(0), faulty: constant(1) },
  'chart-threshold': {
    chart: signal('oven', { unit: '°C', thresholds: [{ value: 240, severity: 'HIGH' }] }),
    healthy: lively(200),
    faulty: constant(245),
  },
  'share-high': { chart: metric('pool_used', { unit: '%', min: 0, max: 100 }), healthy: lively(50, 0.5), faulty: constant(94) },
  'slower-than-usual': {
    chart: signal('checkout', { unit: 'ms' }),
    healthy: lively(120, 0.5),
    faulty: (t) => 3 * lively(120, 0.5)(t),
    historyMs: 8 * dayMs,
  },
  'rate-low': {
    chart: signal('orders', { unit: 'orders/min' }),
    healthy: lively(60, 0.5),
    faulty: (t) => 0.3 * lively(60, 0.5)(t),
    historyMs: 2 * weekMs + dayMs,
  },
  'sensor-frozen': { chart: signal('oven', { unit: '°C' }), healthy: lively(200), faulty: constant(203) },
  adaptive: { chart: signal('oven', { unit: '' }), healthy: lively(200, 0.2), faulty: constant(320), historyMs: 15 * dayMs },
  'no-data': { chart: signal('oven'), healthy: lively(200), faulty: constant(null as never) },
};

/** The points of a series: the fault begins `historyMs` after its start. */
function pointsOf({ healthy, faulty, everyMs, historyMs, faultMs }: Required<Case>): PointColumns {
  const t: number[] = [];
  const v: number[] = [];
  for (let at = start; at < start + historyMs + faultMs; at += everyMs) {
    const since = at - start - historyMs;
    const value = since < 0 ? healthy(at) : faulty(at, since);
    if (value === null) continue;
    t.push(at);
    v.push(value);
  }
  return { t, last: v, count: v.map(() => 1), sum: v, min: v, max: v };
}

function timed(one: Case): Required<Case> {
  const historyMs = one.historyMs ?? 2 * hourMs;
  const everyMs = one.everyMs ?? (historyMs > 2 * dayMs ? minuteMs : 10 * secondMs);
  return { ...one, historyMs, everyMs, faultMs: one.faultMs ?? 40 * minuteMs };
}

/** The times at which a rule fires, by evaluating it as the service does and by the backtest of the editor. */
function firings(rule: RuleInput, points: PointColumns, from: number, to: number): { stepByStep: number[]; inBacktest: number[] } {
  const evaluated = { ...rule, unit: '', delayMs: rule.delayMs ?? 0 };
  const windows = new PointWindows(points);
  const stepByStep: number[] = [];
  let record: RuleRecord | null = null;
  for (let at = from; at <= to; at += rule.evaluateEveryMs) {
    const referenceOf = (condition: Parameters<typeof computeReference>[0]) => computeReference(condition, windows, at, rule.timeZone);
    const measurements = rule.conditions.map((condition) => measure(condition, windows, referenceOf, at));
    const result = evaluate(evaluated, { kind: 'data', measurements, lastAt: windows.lastBefore(at) }, record, at);
    record = result.record;
    stepByStep.push(...result.events.filter(({ kind }) => kind === 'fired').map((event) => event.at));
  }
  const history = measureHistory(evaluated, {}, points, { from, to, everyMs: rule.evaluateEveryMs });
  return { stepByStep, inBacktest: backtest(evaluated, history).map((firing) => firing.from) };
}

describe('each ready rule', () => {
  it('has a code of its own, and a case here', () => {
    expect(readyRules.map(({ code }) => code).sort()).toEqual(Object.keys(cases).sort());
  });

  it.each(Object.entries(cases))('%s: valid for a chart that it suits, quiet while all is well, and fires on its fault', (code, one) => {
    const suiting = readyRulesFor(one.chart).map(({ ready }) => ready.code);
    expect(suiting).toContain(code);
    const rule = ruleFromReady(getReadyRule(code), one.chart, english);
    expect(ruleInput.parse(rule)).toEqual(rule);
    expect(rule).toMatchObject({ templateCode: code, chartCode: 'chart', enabled: true });

    const data = timed(one);
    const fault = start + data.historyMs;
    const points = pointsOf(data);
    const from = fault - hourMs;
    const { stepByStep, inBacktest } = firings(rule, points, from, fault + data.faultMs);
    expect(stepByStep).toEqual(inBacktest);
    expect(stepByStep.length).toBe(1);
    expect(stepByStep[0]).toBeGreaterThan(fault);
  });

  it.each(Object.entries(cases))('%s: the fields to check are there', (code, one) => {
    const ready = getReadyRule(code);
    const rule: unknown = ruleFromReady(ready, one.chart, english);
    for (const path of ready.check) {
      const value = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], rule);
      expect(value, path).toBeDefined();
    }
  });
});

describe('which ready rules suit a chart', () => {
  const codesFor = (chart: ChartDefinition) => readyRulesFor(chart).map(({ ready }) => ready.code);

  it('those for its data come first, those for any chart last', () => {
    expect(codesFor(signal('belt-speed', { unit: 'm/s' }))).toEqual(['belt-speed-low', 'belt-jam', 'sensor-frozen', 'adaptive', 'no-data']);
    expect(codesFor(metric('host_disk_percent', { unit: '%', min: 0, max: 100 }))).toEqual([
      'host-disk-full',
      'host-disk-filling',
      'adaptive',
      'no-data',
    ]);
  });

  it('a name counts only with the unit that belongs to it', () => {
    expect(codesFor(metric('pg_replication_lag', { unit: 's' }))[0]).toBe('replication-lag');
    expect(codesFor(metric('pg_replication_lag', { unit: 'B' }))).toEqual(['adaptive', 'no-data']);
    expect(codesFor(metric('watchfloor_loader_lag_seconds', { unit: 's' }))[0]).toBe('loader-lag');
  });

  it('nothing suits a count of events without a threshold', () => {
    const chart = metric('watchfloor_loader_run_duration_ms', { aggregation: 'count' });
    expect(codesFor(chart)).toEqual(['loader-slow']);
    expect(codesFor(metric('watchfloor_loader_rows_per_second', { aggregation: 'sum' }))).toEqual([]);
  });

  it('a speed is not a rate of work, and rejected work should be low', () => {
    expect(codesFor(signal('cart', { unit: 'm/s' }))).not.toContain('rate-low');
    expect(codesFor(signal('rejected', { unit: 'items/min' }))).not.toContain('rate-low');
  });
});

describe('a rule from a ready one', () => {
  it('keeps the chart’s unit: 30 s of replication lag are 30,000 ms', () => {
    const rule = ruleFromReady(getReadyRule('replication-lag'), signal('db-lag', { unit: 'ms' }), english);
    expect(rule.conditions).toMatchObject([{ threshold: 30_000, levels: [{ threshold: 300_000 }] }]);
  });

  it('has the chart’s thresholds as a ladder, on their side, leaving out what isn’t more urgent', () => {
    const thresholds: ChartDefinitionInput['thresholds'] = [
      { value: 5, severity: 'WARNING', reached: 'below' },
      { value: 1, severity: 'CRITICAL', reached: 'below' },
      { value: 3, severity: 'INFO', reached: 'below' },
      { value: 90, severity: 'CRITICAL' },
    ];
    const rule = ruleFromReady(getReadyRule('chart-threshold'), signal('tank', { thresholds }), english);
    expect(rule.severity).toBe('WARNING');
    expect(rule.conditions).toMatchObject([{ operator: '<', threshold: 5, levels: [{ severity: 'CRITICAL', threshold: 1 }] }]);
  });

  it('gets a code that no other rule has, and that is never too long', () => {
    const ready = getReadyRule('no-data');
    const chart = { ...signal('tank'), code: 'x'.repeat(64) };
    const first = ruleFromReady(ready, chart, english).code;
    const second = ruleFromReady(ready, chart, { language: 'en', taken: [first] }).code;
    expect(second).toBe(`${first}-2`);
    expect(second.length).toBeLessThanOrEqual(64);
    expect(ruleFromReady(getReadyRule('host-disk-full'), metric('host_disk_percent'), english).code).toBe('host-disk-full');
  });

  it('is named in the language of who makes it', () => {
    expect(ruleFromReady(getReadyRule('no-data'), signal('tank'), { language: 'ar', taken: [] }).name).toBe('Chart: لا بيانات');
  });
});
