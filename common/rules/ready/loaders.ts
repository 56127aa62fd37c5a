import { minuteMs } from '../../time/durations.ts';
import { aboveUsual, ofMetric, type ReadyRule } from './ready-rule.ts';

/** Ready rules for what the backend measures of its loaders. A chart without a loader gives one series, and so one state, for each. */
export const loaderRules: readonly ReadyRule[] = [
  {
    code: 'loader-lag',
    group: 'loaders',
    fit: ofMetric('watchfloor_loader_lag_seconds'),
    fields: () => ({
      conditions: [
        {
          kind: 'threshold',
          aggregation: 'max',
          windowMs: minuteMs,
          operator: '>',
          threshold: 60,
          levels: [{ severity: 'HIGH', threshold: 300 }],
        },
      ],
      severity: 'WARNING',
      forMs: minuteMs,
    }),
    check: ['conditions.0.threshold', 'matchLabels'],
  },
  {
    code: 'loader-slow',
    group: 'loaders',
    fit: ofMetric('watchfloor_loader_run_duration_ms'),
    fields: () => ({
      conditions: [aboveUsual({ windowMs: 10 * minuteMs, floor: 50, times: 3 })],
      matchLabels: { kind: 'live' },
      severity: 'WARNING',
      forMs: 5 * minuteMs,
      evaluateEveryMs: minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold', 'conditions.0.floor'],
  },
  {
    code: 'loader-failing',
    group: 'loaders',
    fit: ofMetric('watchfloor_loader_failures'),
    fields: () => ({
      conditions: [{ kind: 'threshold', aggregation: 'sum', windowMs: 5 * minuteMs, operator: '>=', threshold: 3 }],
      severity: 'HIGH',
      keepFiringForMs: 5 * minuteMs,
      onNoData: 'ok',
    }),
    check: ['conditions.0.threshold', 'conditions.0.windowMs'],
  },
  {
    code: 'loader-rejects',
    group: 'loaders',
    fit: ofMetric('watchfloor_loader_rows_rejected'),
    fields: () => ({
      conditions: [{ kind: 'threshold', aggregation: 'sum', windowMs: 10 * minuteMs, operator: '>', threshold: 0 }],
      severity: 'WARNING',
      keepFiringForMs: 10 * minuteMs,
      onNoData: 'ok',
    }),
    check: ['conditions.0.threshold'],
  },
];
