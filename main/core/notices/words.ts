import type { Alert } from '#common/contract/alerts.ts';
import { formatCompared, formatSetting } from '#common/format.ts';

/** `Belt speed low · belt-2`: the rule, and which of its series. The code of its loader says nothing that the rule's name does not. */
export function nameOf(alert: Pick<Alert, 'ruleName' | 'labels'>): string {
  const { loader: _loader, ...others } = alert.labels;
  const values = Object.values(others);
  return values.length === 0 ? alert.ruleName : `${alert.ruleName} · ${values.join(' · ')}`;
}

/** Why it fired, in the evaluation's own words. */
export function reasonOf(alert: Alert): string {
  const holding = alert.reasons.filter(({ holds }) => holds).map(({ text }) => text);
  if (holding.length > 0) return holding.join(' ');
  if (alert.cause === 'no-data') return 'No data arrives.';
  if (alert.cause === 'error') return 'The rule cannot be evaluated.';
  const value = alert.value === null ? 'no value' : formatCompared(alert.value, alert.threshold, alert.unit);
  return `${value} ${alert.operator} ${formatSetting(alert.threshold, alert.unit)}`;
}
