import { type RuleInput, ruleInput } from '#common/contract/rules.ts';

/** Rules that come with the product: each on real input that is there from the first minute. */
export const shippedRules: readonly RuleInput[] = [
  {
    code: 'belt-speed-low',
    name: 'Belt speed low',
    chartCode: 'belt-speed',
    conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 20_000, operator: '<', threshold: 0.6 }],
    forMs: 6_000,
    severity: 'CRITICAL',
    onNoData: 'alert',
    evaluateEveryMs: 2_000,
    delayMs: 0,
    runbook:
      'Look at the belt for a jam, then at its motor current: high means blocked, zero means no power. No data at all means the producer or its database stopped.',
  },
  {
    code: 'belt-rejects-high',
    name: 'Belt rejects high',
    chartCode: 'belt-rejects',
    conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 120_000, operator: '>', threshold: 15 }],
    forMs: 20_000,
    keepFiringForMs: 30_000,
    severity: 'HIGH',
    onNoData: 'keep',
    evaluateEveryMs: 5_000,
    delayMs: 0,
    runbook: 'Check the camera and the feed of the belt; rejects that rise with speed point to spacing, at steady speed to the product.',
  },
  {
    code: 'host-cpu-high',
    name: 'Host CPU high',
    chartCode: 'host-cpu',
    conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '>', threshold: 90 }],
    forMs: 30_000,
    keepFiringForMs: 30_000,
    severity: 'WARNING',
    onNoData: 'keep',
    evaluateEveryMs: 5_000,
    runbook: 'Find what takes the processor (top, Task Manager) and whether it is expected.',
  },
].map((rule) => ruleInput.parse(rule));
