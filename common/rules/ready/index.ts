import type { ChartDrawing } from '../../contract/charts.ts';
import { type ReadyFit, type RuleInput, readyFits, ruleInput } from '../../contract/rules.ts';
import type { Language } from '../../format.ts';
import { readyRuleTexts } from '../../words/ready-rules/index.ts';
import { conveyorRules } from './conveyor.ts';
import { databaseRules } from './databases.ts';
import { generalRules } from './general.ts';
import { hostRules } from './hosts.ts';
import { loaderRules } from './loaders.ts';
import { platformRules } from './platform.ts';
import type { ReadyRule } from './ready-rule.ts';

export type { ReadyRule } from './ready-rule.ts';

/** All ready rules. */
export const readyRules: readonly ReadyRule[] = [
  ...loaderRules,
  ...hostRules,
  ...conveyorRules,
  ...databaseRules,
  ...platformRules,
  ...generalRules,
];

/** A ready rule that suits a chart. */
export interface SuitingRule {
  ready: ReadyRule;
  fit: ReadyFit;
}

/** Returns the ready rules that suit a chart, the best first. */
export function readyRulesFor(chart: ChartDrawing): SuitingRule[] {
  const suiting = readyRules.flatMap((ready): SuitingRule[] => {
    const fit = ready.fit(chart);
    return fit === null ? [] : [{ ready, fit }];
  });
  return suiting.sort((a, b) => readyFits.indexOf(a.fit) - readyFits.indexOf(b.fit));
}

/** Returns the ready rule of a code, such as a rule's `templateCode`; undefined if this version of the product doesn't have it. */
export const findReadyRule = (code: string | undefined): ReadyRule | undefined => readyRules.find((ready) => ready.code === code);

/** @throws Error when there is no ready rule with that code */
export function getReadyRule(code: string): ReadyRule {
  const ready = findReadyRule(code);
  if (ready === undefined) throw new Error(`There is no ready rule "${code}".`);
  return ready;
}

const maxCodeLength = 64;

/** True if a ready rule is for one metric or loader, so that its own name says what a rule evaluates. */
const isOfOneMetric = ({ group }: ReadyRule): boolean => group !== 'general' && group !== 'databases';

/** Returns a code for a rule made from a ready one that no other rule has: `host-disk-full`, `host-disk-full-2`, `orders-lag-no-data`. */
function freeCode(ready: ReadyRule, chartCode: string, taken: ReadonlySet<string>): string {
  const { code } = ready;
  const base = isOfOneMetric(ready) ? code : `${chartCode.slice(0, maxCodeLength - code.length - 6)}-${code}`;
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

interface FromReadyOptions {
  /** Language of its name and runbook. */
  language: Language;
  /** Codes of all rules. */
  taken: Iterable<string>;
}

/** Makes a rule for a chart from a ready one. It keeps the code of the ready rule, and no other tie to it. */
export function ruleFromReady(ready: ReadyRule, chart: ChartDrawing & { code: string }, { language, taken }: FromReadyOptions): RuleInput {
  const { name, runbook } = readyRuleTexts[ready.code];
  return ruleInput.parse({
    ...ready.fields(chart),
    code: freeCode(ready, chart.code, new Set(taken)),
    name: isOfOneMetric(ready) ? name[language] : `${chart.title.slice(0, 60)}: ${name[language]}`,
    chartCode: chart.code,
    runbook: runbook[language],
    templateCode: ready.code,
  });
}
