import type { Rule, RuleStateName, SeriesStatus } from '#common/contract/rules.ts';
import type { Status } from '#renderer/domain/status.tsx';

export const ruleStatus = { OK: 'ok', PENDING: 'pending', FIRING: 'firing', NO_DATA: 'no-data', ERROR: 'error' } as const satisfies Record<
  RuleStateName,
  Status
>;

/** States of a series, worst first. */
export const worstFirst = ['FIRING', 'ERROR', 'NO_DATA', 'PENDING', 'OK'] as const satisfies readonly RuleStateName[];

/**
 * Returns the state of a rule as a whole: the worst state of its series, and the series in that state. A rule that hasn't been evaluated
 * yet is quiet.
 */
export function ruleState(rule: Rule): { state: RuleStateName; series: SeriesStatus[] } {
  const state = worstFirst.find((one) => rule.statuses.some((status) => status.state === one)) ?? 'OK';
  return { state, series: rule.statuses.filter((status) => status.state === state) };
}
