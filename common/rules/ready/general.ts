import type { ChartDrawing } from '../../contract/charts.ts';
import { isOrdered, type Operator, type ThresholdComparison } from '../../contract/conditions.ts';
import { severities } from '../../contract/primitives.ts';
import { dayMs, minuteMs } from '../../time/durations.ts';
import { adaptiveConditions } from '../adaptive.ts';
import { aboveUsual, belowLastWeeks, dataOf, fullValue, isNamed, isShippedMetric, type ReadyRule, secondsPerUnit } from './ready-rule.ts';

/** Metrics of the product that have points only when something happened: no point is no fault. */
const eventMetrics: readonly string[] = [
  'watchfloor_loader_failures',
  'watchfloor_loader_rows_rejected',
  'watchfloor_loader_rows_per_second',
  'watchfloor_loader_run_duration_ms',
  'watchfloor_http_latency_ms_p95',
];

const isCount = ({ aggregation }: ChartDrawing): boolean => aggregation === 'sum' || aggregation === 'count';
const sensorUnits: readonly string[] = ['m/s', 'A', 'V', 'W', 'kW', 'Hz', 'rpm', 'bar', 'Pa', '°C', '°F', 'K'];
const isRate = ({ unit }: ChartDrawing): boolean => /^[^/]+\/(s|min|h)$/.test(unit) && !/^k?m\//.test(unit);

const sideOperator = { 'at-or-above': '>=', 'at-or-below': '<=', below: '<' } as const satisfies Record<string, Operator>;

/** Returns a chart's own thresholds as one comparison: the one that is reached first, and more urgent ones further out as levels. */
function comparisonOf({ thresholds }: ChartDrawing) {
  const operatorOf = ({ reached = 'at-or-above' }: ChartDrawing['thresholds'][number]) => sideOperator[reached];
  const operator = thresholds[0] ? operatorOf(thresholds[0]) : '>=';
  const rising = operator === '>=';
  const outwards = thresholds
    .filter((one) => operatorOf(one) === operator)
    .sort((a, b) => (rising ? a.value - b.value : b.value - a.value));
  const [first, ...further] = outwards;
  const severity = first?.severity ?? 'HIGH';
  const levels: NonNullable<ThresholdComparison['levels']> = [];
  for (const one of further) {
    const last = levels.at(-1) ?? { severity, threshold: first?.value };
    const isMoreUrgent = severities.indexOf(one.severity) > severities.indexOf(last.severity);
    if (isMoreUrgent && one.value !== last.threshold) levels.push({ severity: one.severity, threshold: one.value });
  }
  const comparison = { operator, threshold: first?.value ?? 0, ...(levels.length > 0 && isOrdered(operator) ? { levels } : {}) };
  return { severity, comparison };
}

/** Ready rules for any chart, or for all charts with values of one kind. */
export const generalRules: readonly ReadyRule[] = [
  {
    code: 'chart-threshold',
    group: 'general',
    fit: (chart) => (chart.thresholds.length > 0 ? 'unit' : null),
    fields: (chart) => {
      const { severity, comparison } = comparisonOf(chart);
      const window = isCount(chart)
        ? { aggregation: chart.aggregation as 'sum' | 'count', windowMs: Math.max(minuteMs, chart.bucketMs ?? 0) }
        : { aggregation: 'avg' as const, windowMs: 5 * minuteMs };
      return { conditions: [{ kind: 'threshold', ...window, ...comparison }], severity, forMs: minuteMs };
    },
    check: ['conditions.0.windowMs', 'forMs'],
  },
  {
    code: 'share-high',
    group: 'general',
    fit: (chart) => (fullValue(chart) !== null && !isShippedMetric(chart) ? 'unit' : null),
    fields: (chart) => {
      const full = fullValue(chart) ?? 100;
      const [threshold, clear, high] = [0.9 * full, 0.87 * full, 0.97 * full];
      const levels = [{ severity: 'HIGH' as const, threshold: high }];
      return {
        conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 5 * minuteMs, operator: '>', threshold, clear, levels }],
        severity: 'WARNING',
        forMs: 5 * minuteMs,
      };
    },
    check: ['conditions.0.threshold'],
  },
  {
    code: 'slower-than-usual',
    group: 'general',
    fit: (chart) => (secondsPerUnit(chart) !== null && !isShippedMetric(chart) && !isNamed(chart, /\blag\b/) ? 'unit' : null),
    fields: (chart) => ({
      conditions: [aboveUsual({ windowMs: 10 * minuteMs, floor: 0.01 / (secondsPerUnit(chart) ?? 1), times: 2 })],
      severity: 'WARNING',
      forMs: 5 * minuteMs,
      evaluateEveryMs: minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold', 'conditions.0.floor'],
  },
  {
    code: 'rate-low',
    group: 'general',
    fit: (chart) =>
      isRate(chart) && !isShippedMetric(chart) && dataOf(chart) !== 'belt-items' && !isNamed(chart, /error|reject|fail|drop|retr/)
        ? 'unit'
        : null,
    fields: () => ({
      conditions: [belowLastWeeks({ times: 0.5 })],
      severity: 'WARNING',
      forMs: 10 * minuteMs,
      evaluateEveryMs: minuteMs,
    }),
    check: ['conditions.0.threshold', 'conditions.0.windowMs'],
  },
  {
    code: 'sensor-frozen',
    group: 'general',
    fit: ({ unit, selector }) => (selector.from === 'signal' && sensorUnits.includes(unit) ? 'unit' : null),
    fields: () => ({
      conditions: [{ kind: 'unchanged', windowMs: 15 * minuteMs }],
      severity: 'WARNING',
      evaluateEveryMs: minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.windowMs'],
  },
  {
    code: 'adaptive',
    group: 'general',
    fit: (chart) => (isCount(chart) ? null : 'any'),
    fields: () => ({
      ...adaptiveConditions({ aggregation: 'avg', windowMs: 5 * minuteMs }),
      severity: 'WARNING',
      evaluateEveryMs: minuteMs,
      onNoData: 'keep',
      suppressMs: dayMs,
    }),
    check: ['conditions.0.windowMs', 'suppressMs'],
  },
  {
    code: 'no-data',
    group: 'general',
    fit: (chart) => (eventMetrics.includes(dataOf(chart)) || dataOf(chart) === 'host_cpu_percent' ? null : 'any'),
    fields: () => ({ conditions: [{ kind: 'absent', windowMs: 10 * minuteMs }], severity: 'HIGH' }),
    check: ['conditions.0.windowMs'],
  },
];
