import { hourMs, minuteMs, secondMs } from '../../time/durations.ts';
import { aboveUsual, ofMetric, type ReadyRule } from './ready-rule.ts';
import { fellSilent } from './silence.ts';

/** Ready rules for what the agent measures on each computer. */
export const hostRules: readonly ReadyRule[] = [
  {
    code: 'host-cpu-high',
    group: 'hosts',
    fit: ofMetric('host_cpu_percent'),
    fields: () => ({
      conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: minuteMs, operator: '>', threshold: 90 }],
      forMs: 30 * secondMs,
      keepFiringForMs: 30 * secondMs,
      severity: 'WARNING',
      onNoData: 'keep',
      evaluateEveryMs: 5 * secondMs,
    }),
    check: ['conditions.0.threshold', 'forMs'],
  },
  {
    code: 'host-silent',
    group: 'hosts',
    fit: ofMetric('host_cpu_percent'),
    fields: () => ({ conditions: [{ kind: 'absent', windowMs: 2 * minuteMs }], severity: 'HIGH' }),
    check: ['conditions.0.windowMs'],
  },
  {
    code: 'host-memory-high',
    group: 'hosts',
    fit: ofMetric('host_memory_percent'),
    fields: () => ({
      conditions: [
        {
          kind: 'threshold',
          aggregation: 'avg',
          windowMs: 5 * minuteMs,
          operator: '>',
          threshold: 90,
          clear: 87,
          levels: [{ severity: 'CRITICAL', threshold: 95, clear: 93 }],
        },
      ],
      severity: 'WARNING',
      forMs: 5 * minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold'],
  },
  {
    code: 'host-disk-full',
    group: 'hosts',
    fit: ofMetric('host_disk_percent'),
    fields: () => ({
      conditions: [
        {
          kind: 'threshold',
          aggregation: 'max',
          windowMs: 5 * minuteMs,
          operator: '>',
          threshold: 80,
          clear: 78,
          levels: [
            { severity: 'HIGH', threshold: 90, clear: 88 },
            { severity: 'CRITICAL', threshold: 97, clear: 96 },
          ],
        },
      ],
      severity: 'WARNING',
      evaluateEveryMs: minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold', 'matchLabels'],
  },
  {
    code: 'host-disk-filling',
    group: 'hosts',
    fit: ofMetric('host_disk_percent'),
    // At least 10 points in 6 hours and at most 30 points left: full within 18 hours.
    fields: () => ({
      conditions: [
        { kind: 'change', aggregation: 'avg', windowMs: 10 * minuteMs, agoMs: 6 * hourMs, as: 'difference', operator: '>=', threshold: 10 },
        { kind: 'threshold', aggregation: 'avg', windowMs: 10 * minuteMs, operator: '>=', threshold: 70 },
      ],
      severity: 'HIGH',
      forMs: 10 * minuteMs,
      evaluateEveryMs: minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold', 'conditions.1.threshold'],
  },
  {
    code: 'host-load-high',
    group: 'hosts',
    fit: ofMetric('host_load1'),
    fields: () => ({
      conditions: [aboveUsual({ windowMs: 10 * minuteMs, floor: 1, times: 3 })],
      severity: 'WARNING',
      forMs: 5 * minuteMs,
      evaluateEveryMs: minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold', 'conditions.0.floor'],
  },
  {
    code: 'host-network-silent',
    group: 'hosts',
    fit: ofMetric('host_network_receive_bytes_per_second'),
    fields: () => ({
      ...fellSilent(5 * minuteMs),
      severity: 'HIGH',
      evaluateEveryMs: minuteMs,
      onNoData: 'keep',
    }),
    check: ['conditions.0.windowMs', 'matchLabels'],
  },
];
