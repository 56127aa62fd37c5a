import { type Rule, type RuleInput, ruleInput } from '../contract/rules.ts';
import { same } from '../versions/shape.ts';
import { toFile } from './yaml/fields.ts';
import type { FileRule } from './yaml.ts';

/** One change of a rule on a backend. */
export type PlanStep =
  | { kind: 'create'; code: string; rule: RuleInput }
  /** `fields`: what differs, named as in files. `version`: the one that is replaced. */
  | { kind: 'change'; code: string; rule: RuleInput; version: number; fields: string[] }
  | { kind: 'delete'; code: string };

/** What it takes for a backend to have the rules of a folder. */
export interface Plan {
  steps: PlanStep[];
  /** Codes of the rules that are as in the folder. */
  unchanged: string[];
  /** Rules of the backend that the folder doesn't have and that aren't deleted, with who made them. */
  others: { code: string; by: string }[];
}

/**
 * Compares the rules of a folder with those of a backend.
 * @param pruneAs deletes the rules that the folder doesn't have and that this user made or changed last; null deletes none. Rules that other
 * people made in the console stay, and so do those that came with the product.
 */
export function planRules(wanted: readonly Pick<FileRule, 'rule'>[], current: readonly Rule[], pruneAs: string | null): Plan {
  const byCode = new Map(current.map((rule) => [rule.code, rule]));
  const plan: Plan = { steps: [], unchanged: [], others: [] };
  for (const { rule } of wanted) {
    const { code } = rule;
    const before = byCode.get(code);
    byCode.delete(code);
    if (before === undefined) plan.steps.push({ kind: 'create', code, rule });
    else {
      const fields = changedFields(ruleOf(before), keepingPin(rule, before));
      if (fields.length === 0) plan.unchanged.push(code);
      else plan.steps.push({ kind: 'change', code, rule, version: before.version, fields });
    }
  }
  for (const { code, createdBy, updatedBy } of byCode.values()) {
    if (pruneAs !== null && (createdBy === pruneAs || updatedBy === pruneAs)) plan.steps.push({ kind: 'delete', code });
    else plan.others.push({ code, by: createdBy });
  }
  return plan;
}

/** Returns a rule of a file with the version of the chart that the backend's has, unless the file names one. */
const keepingPin = (rule: RuleInput, { chartCode, chartVersion }: RuleInput): RuleInput =>
  rule.chartVersion === undefined && rule.chartCode === chartCode && chartVersion !== undefined ? { ...rule, chartVersion } : rule;

/** Returns a stored rule without its record and its states. */
export const ruleOf = (stored: Rule): RuleInput =>
  ruleInput.parse(Object.fromEntries(Object.entries(stored).filter(([name]) => Object.hasOwn(ruleInput.shape, name))));

/** Returns the fields that differ, named as in files. */
function changedFields(before: RuleInput, after: RuleInput): string[] {
  // As JSON, in which both came or will come: it has no negative zero.
  const [left, right] = [before, after].map((rule) => JSON.parse(JSON.stringify(toFile(rule))) as Record<string, unknown>);
  const names = new Set([...Object.keys(right ?? {}), ...Object.keys(left ?? {})]);
  return [...names].filter((name) => !same(left?.[name], right?.[name]));
}

/** Writes a plan for people, one line for each rule that changes. */
export function printPlan({ steps, unchanged, others }: Plan): string {
  const signs = { create: '+ create', change: '~ change', delete: '- delete' };
  const lines = steps.map((step) => `${signs[step.kind]} ${step.code}${step.kind === 'change' ? ` (${step.fields.join(', ')})` : ''}`);
  const count = (kind: PlanStep['kind']) => steps.filter((step) => step.kind === kind).length;
  const kept = others.map(({ code, by }) => `  keep ${code}: not in the folder, made by ${by}`);
  const total = `${count('create')} to create, ${count('change')} to change, ${count('delete')} to delete, ${unchanged.length} unchanged.`;
  return `${[...lines, ...kept, total].join('\n')}\n`;
}
