import { type Alert, seriesLabels } from '#common/contract/alerts.ts';
import type { NoticeContent } from '#common/contract/console/settings.ts';
import { formatCompared, formatSetting, formatValue } from '#common/format.ts';

/** Returns `Belt speed low · belt-2`: the rule and its series. The loader's code is left out because it adds nothing to the rule's name. */
export function nameOf(alert: Pick<Alert, 'ruleName' | 'labels' | 'ruleLabels'>): string {
  const { loader: _loader, ...others } = seriesLabels(alert);
  const values = Object.values(others);
  return values.length === 0 ? alert.ruleName : `${alert.ruleName} · ${values.join(' · ')}`;
}

/** Returns the content of a firing alert's notice: its summary, the evaluation's reasons, or why there are none. */
export function firedContent(alert: Alert): NoticeContent {
  const params = { alert: nameOf(alert) };
  const summary = alert.annotations['summary'] ?? '';
  // A summary describes what the condition found. Without data or an evaluation it would mislead.
  if (summary !== '' && alert.cause === 'condition') return { code: 'fired', params: { ...params, reason: summary } };
  const reasons = alert.reasons
    .filter(({ holds }) => holds)
    .map(({ text, details }) => ({ text, ...(details === undefined ? {} : { details }) }));
  if (reasons.length > 0) return { code: 'fired', params, reasons };
  if (alert.cause === 'no-data') return { code: 'fired_no_data', params };
  if (alert.cause === 'error') return { code: 'fired_error', params };
  const { value, threshold, unit, operator } = alert;
  const measured = value === null ? '–' : threshold === null ? formatValue(value, unit) : formatCompared(value, threshold, unit);
  const compared = threshold === null ? '' : ` ${operator} ${formatSetting(threshold, unit)}`;
  return { code: 'fired', params: { ...params, reason: `${measured}${compared}` } };
}
