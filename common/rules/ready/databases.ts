import { minuteMs } from '../../time/durations.ts';
import { fullValue, isNamed, isShippedMetric, type ReadyRule, secondsPerUnit } from './ready-rule.ts';

/**
 * Ready rules for figures of databases. The product ships no loader or metric for them, so these suit charts whose name and unit say what
 * they draw.
 */
export const databaseRules: readonly ReadyRule[] = [
  {
    code: 'replication-lag',
    group: 'databases',
    fit: (chart) =>
      secondsPerUnit(chart) !== null && !isShippedMetric(chart) && isNamed(chart, /replica|\blag\b|seconds behind/) ? 'name' : null,
    fields: (chart) => {
      const unit = secondsPerUnit(chart) ?? 1;
      const levels = [{ severity: 'CRITICAL' as const, threshold: 300 / unit }];
      return {
        conditions: [{ kind: 'threshold', aggregation: 'max', windowMs: 2 * minuteMs, operator: '>', threshold: 30 / unit, levels }],
        severity: 'HIGH',
        forMs: 2 * minuteMs,
      };
    },
    check: ['conditions.0.threshold', 'forMs'],
  },
  {
    code: 'connections-near-limit',
    group: 'databases',
    fit: (chart) => (fullValue(chart) !== null && !isShippedMetric(chart) && isNamed(chart, /connection|session|pool/) ? 'name' : null),
    fields: (chart) => {
      const full = fullValue(chart) ?? 100;
      const levels = [{ severity: 'CRITICAL' as const, threshold: 0.95 * full }];
      return {
        conditions: [{ kind: 'threshold', aggregation: 'max', windowMs: 2 * minuteMs, operator: '>', threshold: 0.8 * full, levels }],
        severity: 'HIGH',
        forMs: 2 * minuteMs,
      };
    },
    check: ['conditions.0.threshold'],
  },
  {
    code: 'slow-queries',
    group: 'databases',
    fit: (chart) =>
      secondsPerUnit(chart) !== null && !isShippedMetric(chart) && isNamed(chart, /\b(query|queries|statements?|transactions?)\b/)
        ? 'name'
        : null,
    fields: (chart) => ({
      conditions: [
        { kind: 'threshold', aggregation: 'p95', windowMs: 5 * minuteMs, operator: '>', threshold: 1 / (secondsPerUnit(chart) ?? 1) },
      ],
      severity: 'WARNING',
      forMs: 5 * minuteMs,
      evaluateEveryMs: minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold'],
  },
];
