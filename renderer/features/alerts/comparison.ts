import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { formatValue as commonValue, formatNumber } from '#common/format.ts';
import { decimalsOf, formatSetting, formatValue } from '#renderer/ui/format.ts';

/** Decimals that are worth reading for a value of this size. */
const worth = (size: number): number => (size >= 1_000 ? 0 : size >= 10 ? 1 : 2);

/**
 * A measured value against its threshold with the same number of decimals, so that the eye can compare them: `0.42` and `< 0.60 m/s`,
 * `48` and `> 30 s`. Small thresholds and bytes keep the digits they need.
 */
export function comparison({ value, threshold, operator, unit }: Pick<FeedAlert, 'value' | 'threshold' | 'operator' | 'unit'>) {
  if (value === null) return { value: '–', against: `${operator} ${formatSetting(threshold, unit)}` };
  const set = decimalsOf(threshold);
  const most = Math.max(set, worth(Math.max(Math.abs(value), Math.abs(threshold))));
  if (unit === 'B' || unit === 'B/s' || most > 4) {
    return { value: formatValue(value, unit), against: `${operator} ${formatSetting(threshold, unit)}` };
  }
  const decimals = Math.max(set, Math.min(most, decimalsOf(value)));
  return { value: formatNumber(value, decimals), against: `${operator} ${commonValue(threshold, unit, decimals)}` };
}
