import { minuteMs, secondMs } from '../../time/durations.ts';
import { aboveUsual, belowLastWeeks, ofLoader, type ReadyRule } from './ready-rule.ts';

/** Ready rules for the loaders of the conveyor. Windows end at the evaluation, because its readings are there within a second. */
export const conveyorRules: readonly ReadyRule[] = [
  {
    code: 'belt-speed-low',
    group: 'conveyor',
    fit: ofLoader('belt-speed'),
    fields: () => ({
      conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 20 * secondMs, operator: '<', threshold: 0.6 }],
      forMs: 6 * secondMs,
      severity: 'CRITICAL',
      onNoData: 'alert',
      evaluateEveryMs: 2 * secondMs,
      delayMs: 0,
    }),
    check: ['conditions.0.threshold', 'forMs'],
  },
  {
    code: 'belt-jam',
    group: 'conveyor',
    fit: ofLoader('belt-speed'),
    fields: () => ({
      conditions: [{ kind: 'threshold', aggregation: 'min', windowMs: 20 * secondMs, operator: '<', threshold: 0.7 }],
      keepFiringForMs: minuteMs,
      severity: 'WARNING',
      onNoData: 'keep',
      evaluateEveryMs: 5 * secondMs,
      delayMs: 0,
    }),
    check: ['conditions.0.threshold'],
  },
  {
    code: 'belt-rejects-high',
    group: 'conveyor',
    fit: ofLoader('belt-rejects'),
    fields: () => ({
      conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 2 * minuteMs, operator: '>', threshold: 15 }],
      forMs: 20 * secondMs,
      keepFiringForMs: 30 * secondMs,
      severity: 'HIGH',
      onNoData: 'keep',
      evaluateEveryMs: 5 * secondMs,
      delayMs: 0,
    }),
    check: ['conditions.0.threshold'],
  },
  {
    code: 'belt-current-high',
    group: 'conveyor',
    fit: ofLoader('belt-current'),
    fields: () => ({
      conditions: [aboveUsual({ windowMs: minuteMs, floor: 1, times: 1.5 })],
      forMs: minuteMs,
      severity: 'HIGH',
      onNoData: 'keep',
    }),
    check: ['conditions.0.threshold'],
  },
  {
    code: 'belt-throughput-low',
    group: 'conveyor',
    fit: ofLoader('belt-items'),
    fields: () => ({
      conditions: [belowLastWeeks({ floor: 10, times: 0.7 })],
      forMs: 5 * minuteMs,
      severity: 'WARNING',
      evaluateEveryMs: minuteMs,
    }),
    check: ['conditions.0.threshold'],
  },
];
