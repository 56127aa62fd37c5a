import type { ChartDrawing } from '../contract/charts.ts';
import { AppError } from '../contract/errors.ts';
import { same } from '../versions/shape.ts';
import { bindSelector, resolveValues } from './variables.ts';

/** The fields of a chart on which the evaluation of its rules depends. */
export type MeasuredFields = Pick<ChartDrawing, 'selector' | 'variables'>;

/**
 * Returns whether rules measure the same on two versions of a chart. They read the series of its own query, with its variables at their
 * defaults. They don't read its title, unit, thresholds or additional queries, and each condition has an aggregation and a window of its
 * own, so the chart's aggregation and bucket width only change how it is drawn.
 */
export function measureSame(a: MeasuredFields, b: MeasuredFields): boolean {
  return same(measuredOf(a), measuredOf(b));
}

/** A chart that can't be evaluated, because a variable has no value, equals only charts with the same template. */
function measuredOf({ selector, variables }: MeasuredFields): unknown {
  try {
    return bindSelector(selector, resolveValues(variables));
  } catch (error) {
    if (error instanceof AppError) return { unbound: selector, values: resolveValues(variables) };
    throw error;
  }
}
