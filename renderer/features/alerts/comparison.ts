import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { formatCompared, formatSetting, formatValue, isByteUnit } from '#common/format.ts';

/** Formats a value and its threshold: `0.42` and `< 0.6 m/s`, `48` and `> 30 s`. With bytes, each has its own unit. Without a threshold only the unit follows. */
export function comparison({ value, threshold, operator, unit }: Pick<FeedAlert, 'value' | 'threshold' | 'operator' | 'unit'>) {
  const against = threshold === null ? unit : `${operator} ${formatSetting(threshold, unit)}`;
  if (value === null) return { value: '–', against };
  const text = threshold === null ? formatValue(value, unit) : formatCompared(value, threshold, unit);
  return { value: unit === '' || isByteUnit(unit) ? text : text.slice(0, -unit.length - 1), against };
}
