import type { Alert } from '#common/contract/alerts.ts';

/** An alert for tests, as the backend would send it. */
export function sampleAlert(change: Partial<Alert> = {}): Alert {
  return {
    id: '01890000-0000-7000-8000-000000000001',
    ruleCode: 'belt-speed-low',
    ruleName: 'Belt speed low',
    chartCode: 'belt-speed',
    seriesKey: '[["segment","belt-2"]]',
    labels: { segment: 'belt-2' },
    ruleLabels: {},
    severity: 'CRITICAL',
    state: 'FIRING',
    cause: 'condition',
    value: 0.2,
    threshold: 0.6,
    operator: '<',
    unit: 'm/s',
    reasons: [],
    startedAt: 1_000,
    firedAt: 7_000,
    resolvedAt: null,
    suppressed: false,
    acknowledgement: null,
    snooze: null,
    annotations: {},
    runbook: '',
    version: 1,
    ...change,
  };
}
