import { z } from 'zod';
import { dayMs } from '../time/durations.ts';
import { durationMs, type Severity, severities, severity } from './primitives.ts';
import { aggregation } from './signals.ts';

/** Maximum length of a window and of any other duration of a rule, ms. */
export const maxRuleDurationMs = 30 * dayMs;

export const operators = ['<', '<=', '>', '>=', '=', '!=', 'between', 'outside'] as const;
const operator = z.enum(operators);
export type Operator = z.infer<typeof operator>;

/** True if a value can be further on the alerting side of one threshold than of another. */
export const isOrdered = (one: Operator): boolean => one === '<' || one === '<=' || one === '>' || one === '>=';

/** A more urgent severity, from a threshold further out. */
const level = z.strictObject({
  severity,
  threshold: z.number(),
  /** The alert keeps this severity until the value passes this threshold. Default: `threshold`. */
  clear: z.number().optional(),
});

/** How a measured value is compared. */
const comparison = {
  operator,
  /** The lower bound with `between` (both bounds included) and `outside`. */
  threshold: z.number(),
  /** The upper bound; only with `between` and `outside`. */
  upper: z.number().optional(),
  /** While the alert fires, the condition holds until the value passes this threshold. Default: `threshold`. */
  clear: z.number().optional(),
  /** The rule's severity applies from `threshold`, these from further out; the most urgent that is reached applies. */
  levels: z
    .array(level)
    .max(severities.length - 1)
    .optional(),
};
export type ThresholdComparison = z.infer<z.ZodObject<typeof comparison>>;

/** Share in the score of a rule whose conditions are weighted. Default: 1. */
const weight = z.number().positive().max(1_000).optional();
const windowMs = durationMs.min(1_000).max(maxRuleDurationMs);
/** How the points of the window become one value. */
const windowValue = { aggregation: aggregation.exclude(['raw']), windowMs };
export type WindowAggregation = z.infer<typeof windowValue.aggregation>;

/** The value of the window. */
export const thresholdCondition = z
  .strictObject({ kind: z.literal('threshold'), ...windowValue, ...comparison, weight })
  .superRefine(checkComparison);
export type ThresholdCondition = z.infer<typeof thresholdCondition>;

/** Compares the value of the window with that of the window `agoMs` earlier. */
const changeCondition = z
  .strictObject({
    kind: z.literal('change'),
    ...windowValue,
    agoMs: durationMs.min(1_000).max(maxRuleDurationMs),
    /** `difference` and `perSecond` in the chart's unit, `percent` of the earlier value. */
    as: z.enum(['difference', 'percent', 'perSecond']),
    /** The earlier value counts as at least this much where it divides, in the chart's unit. Default: 0. */
    floor: z.number().min(0).optional(),
    ...comparison,
    weight,
  })
  .superRefine(checkComparison);
export type ChangeCondition = z.infer<typeof changeCondition>;

/** There is no point in the window. */
const absentCondition = z.strictObject({ kind: z.literal('absent'), windowMs, weight });

/** There are at least two points in the window, and they differ by at most `tolerance` (in the chart's unit; default: 0). */
const unchangedCondition = z.strictObject({
  kind: z.literal('unchanged'),
  windowMs,
  tolerance: z.number().min(0).optional(),
  weight,
});

/** The outcome of a condition with too few earlier points to compare with: it doesn't hold, it holds, or the rule has NO_DATA. */
const onNoBaseline = z.enum(['ok', 'alert', 'no-data']).optional();

/**
 * Compares the value of the window with its usual value: the median of the windows at the same time `count` days, weeks or months (of the
 * calendar, in the rule's time zone) back. With `slotMs` all windows in the same slot of those days count, such as the same hour.
 */
const baselineCondition = z
  .strictObject({
    kind: z.literal('baseline'),
    ...windowValue,
    every: z.enum(['day', 'week', 'month']),
    count: z.number().int().min(1).max(60),
    slotMs: durationMs.min(60_000).max(dayMs).optional(),
    /** `difference` in the chart's unit, `ratio` to the usual value, `sigmas`: the difference in robust standard deviations. */
    as: z.enum(['difference', 'ratio', 'sigmas']),
    /** The divisor (usual value or standard deviation) counts as at least this much, in the chart's unit. Default: 0; for `sigmas` 1 % of the usual value. */
    floor: z.number().min(0).optional(),
    onNoBaseline,
    ...comparison,
    weight,
  })
  .superRefine(checkComparison)
  .refine(({ as, count, slotMs }) => as !== 'sigmas' || count >= 3 || slotMs !== undefined, {
    path: ['count'],
    error: 'A deviation in sigmas needs at least 3 days, weeks or months, or a slot such as the same hour.',
    params: { reason: 'sigmas_need_days' },
  });
export type BaselineCondition = z.infer<typeof baselineCondition>;

/** The value of the window is outside the range that held `share` of the windows of the last `days`. */
const rangeCondition = z.strictObject({
  kind: z.literal('range'),
  ...windowValue,
  days: z.number().int().min(1).max(60),
  /** 0.998 leaves out the lowest and the highest thousandth. */
  share: z.number().min(0.5).max(1),
  /** How much the range is widened at each end, as a share of its width. Default: 0. */
  widen: z.number().min(0).max(10).optional(),
  side: z.enum(['above', 'below', 'either']),
  onNoBaseline,
  weight,
});
export type RangeCondition = z.infer<typeof rangeCondition>;

export const condition = z.discriminatedUnion('kind', [
  thresholdCondition,
  changeCondition,
  absentCondition,
  unchangedCondition,
  baselineCondition,
  rangeCondition,
]);
export type Condition = z.infer<typeof condition>;

/** When the rule's conditions count as one that holds: all of them, any, or those whose weights make up this share of all weights. */
export const match = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('any') }),
  z.strictObject({ kind: z.literal('score'), threshold: z.number().positive().max(1) }),
]);
export type Match = z.infer<typeof match>;

/** A threshold that contradicts another: its field, how to mend it, and the same as data, from which screens write it in their language. */
interface ThresholdProblem {
  path: (string | number)[];
  message: string;
  params: { reason: string; [name: string]: string | number };
}

/** Finds thresholds that contradict each other. */
function problemsOf({ operator: one, threshold, upper, clear, levels = [] }: ThresholdComparison): ThresholdProblem[] {
  const isRange = one === 'between' || one === 'outside';
  if (isRange && !(upper !== undefined && upper > threshold)) {
    const message = `With ${one}, give the upper end of the range; it must be above ${threshold}.`;
    return [{ path: ['upper'], message, params: { reason: 'upper_missing', threshold } }];
  }
  if (!isRange && upper !== undefined) {
    const message = 'Leave this out; only between and outside have an upper end.';
    return [{ path: ['upper'], message, params: { reason: 'upper_unused' } }];
  }
  if (!isOrdered(one)) {
    const fields = [...(clear === undefined ? [] : ['clear']), ...(levels.length === 0 ? [] : ['levels'])];
    const message = 'Leave this out, or compare with <, <=, > or >=.';
    return fields.map((field) => ({ path: [field], message, params: { reason: 'not_ordered' } }));
  }
  return ladderProblems(one.startsWith('>'), threshold, clear, levels);
}

/** Finds levels that are no ladder outwards, and thresholds to clear that lie outside the one that fires. */
function ladderProblems(
  rising: boolean,
  first: number,
  clear: number | undefined,
  levels: NonNullable<ThresholdComparison['levels']>,
): ThresholdProblem[] {
  const isBefore = (a: number, b: number) => (rising ? a < b : a > b);
  const [inner, outer] = rising ? ['below', 'above'] : ['above', 'below'];
  const problems: ThresholdProblem[] = [];
  const checkClear = (path: (string | number)[], threshold: number, own: number | undefined) => {
    if (own === undefined || !isBefore(threshold, own)) return;
    const message = `This must be at or ${inner} the threshold, ${threshold}.`;
    problems.push({ path: [...path, 'clear'], message, params: { reason: `clear_${inner}`, threshold } });
  };
  checkClear([], first, clear);
  let last: { severity: Severity | null; threshold: number } = { severity: null, threshold: first };
  for (const [index, each] of levels.entries()) {
    const path = ['levels', index];
    if (!isBefore(last.threshold, each.threshold)) {
      const message = `This must be ${outer} the threshold before it, ${last.threshold}.`;
      problems.push({ path: [...path, 'threshold'], message, params: { reason: `level_${outer}`, threshold: last.threshold } });
    }
    if (last.severity !== null && severities.indexOf(each.severity) <= severities.indexOf(last.severity)) {
      const message = `This must be more urgent than ${last.severity}, the severity before it.`;
      problems.push({ path: [...path, 'severity'], message, params: { reason: 'level_severity' } });
    }
    checkClear(path, each.threshold, each.clear);
    last = each;
  }
  return problems;
}

function checkComparison(compared: ThresholdComparison, context: z.RefinementCtx): void {
  for (const problem of problemsOf(compared)) context.addIssue({ code: 'custom', ...problem });
}
