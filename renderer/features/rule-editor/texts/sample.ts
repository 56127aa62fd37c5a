import type { ChartDefinition } from '#common/contract/charts.ts';
import type { Labels, Severity } from '#common/contract/primitives.ts';
import { type AlertTexts, alertTexts } from '#common/rules/alert-texts.ts';
import type { BacktestFiring, MeasuredHistory } from '#common/rules/backtest.ts';
import type { EditedRule } from '../draft.ts';

/** An alert for which the texts of a rule are filled in. */
export interface SampleAlert {
  labels: Labels;
  value: number | null;
  threshold: number | null;
  severity: Severity;
  startedAt: number;
}

/** Returns the last firing of a backtest as an alert; without firings the last point of its first series, without points null. */
export function sampleAlert(
  draft: Pick<EditedRule, 'severity' | 'conditions'>,
  firings: readonly BacktestFiring[],
  histories: readonly MeasuredHistory[],
): SampleAlert | null {
  const last = firings.at(-1);
  if (last !== undefined) {
    const [reason] = last.reasons;
    const { labels, severity, from: startedAt } = last;
    return { labels, value: reason?.value ?? null, threshold: reason?.threshold ?? null, severity, startedAt };
  }
  const [history] = histories;
  if (history === undefined) return null;
  const { labels, times, byCondition } = history;
  const column = byCondition[0] ?? [];
  const at = column.findLastIndex(({ kind }) => kind === 'value');
  const measured = column[at];
  if (measured?.kind !== 'value') return null;
  const [condition] = draft.conditions;
  const threshold = condition !== undefined && 'threshold' in condition ? condition.threshold : null;
  return { labels, value: measured.value, threshold, severity: draft.severity, startedAt: times.from + at * times.everyMs };
}

/** Fills in the texts of a draft. */
export const fillInTexts = (draft: EditedRule, chart: Pick<ChartDefinition, 'title' | 'unit'>, alert: SampleAlert): AlertTexts =>
  alertTexts(draft, chart, alert.labels, alert);
