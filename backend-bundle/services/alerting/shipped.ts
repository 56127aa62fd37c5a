import { type ChartDefinitionInput, chartDefinition } from '#common/contract/charts.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { getReadyRule, ruleFromReady } from '#common/rules/ready/index.ts';

/** A ready rule on a shipped chart. The chart is described as far as the rule depends on it. */
function shipped(readyCode: string, chart: Pick<ChartDefinitionInput, 'code' | 'title' | 'selector'>): RuleInput {
  return ruleFromReady(getReadyRule(readyCode), chartDefinition.parse(chart), { language: 'en', taken: [] });
}

/** Rules that come with the product: each on real input that is there from the first minute. */
export const shippedRules: readonly RuleInput[] = [
  shipped('belt-speed-low', { code: 'belt-speed', title: 'Belt speed', selector: { from: 'signal', loaderCode: 'belt-speed' } }),
  shipped('belt-rejects-high', { code: 'belt-rejects', title: 'Rejects', selector: { from: 'signal', loaderCode: 'belt-rejects' } }),
  shipped('host-cpu-high', { code: 'host-cpu', title: 'CPU', selector: { from: 'metric', name: 'host_cpu_percent' } }),
];
