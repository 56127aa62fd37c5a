import type { Alert } from '#common/contract/alerts.ts';

/** `Belt speed low · belt-2`: the rule, and which of its series. */
export function nameOf(alert: Pick<Alert, 'ruleName' | 'labels'>): string {
  const values = Object.values(alert.labels);
  return values.length === 0 ? alert.ruleName : `${alert.ruleName} · ${values.join(' · ')}`;
}

/** Why it fired, in the evaluation's own words. */
export function reasonOf(alert: Alert): string {
  const holding = alert.reasons.filter(({ holds }) => holds).map(({ text }) => text);
  if (holding.length > 0) return holding.join(' ');
  if (alert.cause === 'no-data') return 'No data arrives.';
  if (alert.cause === 'error') return 'The rule cannot be evaluated.';
  return `${alert.value ?? 'no value'} ${alert.unit} ${alert.operator} ${alert.threshold} ${alert.unit}`.replaceAll(/ +/g, ' ').trim();
}
