import type { ChartDefinition, ThresholdSide } from '#common/contract/charts.ts';
import type { Operator } from '#common/contract/conditions.ts';
import type { Severity } from '#common/contract/primitives.ts';
import type { Rule } from '#common/contract/rules.ts';
import { formatSetting } from '#renderer/ui/format.ts';

type Threshold = ChartDefinition['thresholds'][number];

/** A chart draws at most this many thresholds. */
const maxDrawn = 10;
const sideOf: Partial<Record<Operator, ThresholdSide>> = { '<': 'below', '<=': 'at-or-below', outside: 'below' };

/** Returns the lines to draw for a rule. Conditions on changes, ratios and deviations have none: they aren't in the chart's unit. */
export function thresholdsOf({ conditions, severity }: Pick<Rule, 'conditions' | 'severity'>, unit: string): Threshold[] {
  const lines = conditions.flatMap((condition): Threshold[] => {
    if (condition.kind !== 'threshold') return [];
    const { operator, threshold, upper, levels = [] } = condition;
    const line = (value: number, worth: Severity, sign: string, reached = sideOf[operator]): Threshold => ({
      value,
      severity: worth,
      label: `${sign} ${formatSetting(value, unit)}`,
      ...(reached === undefined ? {} : { reached }),
    });
    if (upper !== undefined) return [line(threshold, severity, '≥'), line(upper, severity, '≤', 'at-or-above')];
    return [line(threshold, severity, operator), ...levels.map((level) => line(level.threshold, level.severity, operator))];
  });
  return lines.slice(0, maxDrawn);
}
