import type { ChartDrawing } from '#common/contract/charts.ts';
import { type Rule, ruleInput } from '#common/contract/rules.ts';
import { findReadyRule, ruleFromReady } from '#common/rules/ready/index.ts';
import { type Change, diffDocuments } from '#common/versions/diff.ts';

/**
 * Returns what a rule has otherwise than its ready rule makes it for the chart; null if this version of the product doesn't have that ready
 * rule. Its name and runbook are in the language of the person who made it, so the language that differs least counts. What a rule of any
 * origin gets from people (its code, its owner, whether it is on) is left out.
 */
export function changesSinceReady(rule: Rule, chart: ChartDrawing): Change[] | null {
  const ready = findReadyRule(rule.templateCode);
  if (ready === undefined) return null;
  const own = ruleInput.strip().parse(rule);
  const { code, chartCode, chartVersion, owner, enabled } = own;
  const [first, second] = (['en', 'ar'] as const).map((language) => {
    const made = ruleFromReady(ready, { ...chart, code: chartCode }, { language, taken: [] });
    return diffDocuments({ ...made, code, chartVersion, owner, enabled }, own);
  });
  if (first === undefined || second === undefined) return null;
  return second.length < first.length ? second : first;
}
