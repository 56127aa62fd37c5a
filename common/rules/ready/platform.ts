import { dayMs, minuteMs } from '../../time/durations.ts';
import { ofMetric, type ReadyRule } from './ready-rule.ts';
import { fellSilent } from './silence.ts';

/** Ready rules for the backend itself. */
export const platformRules: readonly ReadyRule[] = [
  {
    code: 'platform-slow-answers',
    group: 'platform',
    fit: ofMetric('watchfloor_http_latency_ms_p95'),
    fields: () => ({
      conditions: [
        {
          kind: 'threshold',
          aggregation: 'avg',
          windowMs: 5 * minuteMs,
          operator: '>',
          threshold: 500,
          levels: [{ severity: 'HIGH', threshold: 2_000 }],
        },
      ],
      severity: 'WARNING',
      forMs: 5 * minuteMs,
      onNoData: 'ok',
    }),
    check: ['conditions.0.threshold'],
  },
  {
    code: 'platform-errors',
    group: 'platform',
    fit: ofMetric('watchfloor_http_requests_per_second'),
    fields: () => ({
      conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 5 * minuteMs, operator: '>', threshold: 0.05 }],
      matchLabels: { status: '5xx' },
      severity: 'HIGH',
      keepFiringForMs: 5 * minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold'],
  },
  {
    code: 'platform-blocked',
    group: 'platform',
    fit: ofMetric('watchfloor_event_loop_delay_ms'),
    fields: () => ({
      conditions: [{ kind: 'threshold', aggregation: 'p50', windowMs: 2 * minuteMs, operator: '>', threshold: 500 }],
      severity: 'HIGH',
      forMs: minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold'],
  },
  {
    code: 'platform-memory-growing',
    group: 'platform',
    fit: ofMetric('watchfloor_process_rss_bytes'),
    fields: () => ({
      conditions: [
        { kind: 'change', aggregation: 'min', windowMs: 30 * minuteMs, agoMs: dayMs, as: 'percent', operator: '>', threshold: 50 },
      ],
      severity: 'WARNING',
      forMs: 30 * minuteMs,
      evaluateEveryMs: minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold'],
  },
  {
    code: 'platform-rules-slow',
    group: 'platform',
    fit: ofMetric('watchfloor_rules_evaluation_ms'),
    fields: () => ({
      conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 5 * minuteMs, operator: '>', threshold: 5_000 }],
      severity: 'HIGH',
      forMs: 2 * minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold'],
  },
  {
    code: 'platform-nothing-stored',
    group: 'platform',
    fit: ofMetric('watchfloor_points_stored_per_second'),
    fields: () => ({ ...fellSilent(5 * minuteMs), severity: 'CRITICAL', evaluateEveryMs: minuteMs }),
    check: ['conditions.0.windowMs', 'matchLabels'],
  },
  {
    code: 'platform-store-damaged',
    group: 'platform',
    fit: ofMetric('watchfloor_store_damaged'),
    fields: () => ({
      conditions: [{ kind: 'threshold', aggregation: 'last', windowMs: 5 * minuteMs, operator: '>=', threshold: 1 }],
      severity: 'HIGH',
      onNoData: 'keep',
    }),
    check: [],
  },
];
