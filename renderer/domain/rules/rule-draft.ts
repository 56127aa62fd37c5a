import { condition } from '#common/contract/conditions.ts';
import type { Rule, RuleInput } from '#common/contract/rules.ts';
import { ruleInput } from '#common/contract/rules.ts';
import { readNumber } from '#renderer/ui/read-number.ts';

/** The rule's fields as typed. */
export interface RuleEdit {
  /** Of the only condition; null if there are several, or it has none. */
  threshold: string | null;
  forSeconds: string;
  owner: string;
  enabled: boolean;
}
export type ReadDraft = { ok: true; rule: RuleInput & { version: number } } | { ok: false; wrong: ('threshold' | 'forSeconds')[] };

const maxForSeconds = 86_400;

export const draftOf = (rule: Rule): RuleEdit => ({
  threshold: editable(rule) === null ? null : String(editable(rule)?.threshold),
  forSeconds: String(rule.forMs / 1_000),
  owner: rule.owner,
  enabled: rule.enabled,
});

/** Returns the condition whose threshold can be edited: the only one, if it compares with a threshold. */
function editable({ conditions }: Rule) {
  const [only] = conditions;
  return conditions.length === 1 && only !== undefined && 'threshold' in only ? only : null;
}

/** Returns the rule with the draft's changes, under the version that was read; otherwise the fields that are invalid. */
export function ruleFrom(rule: Rule, draft: RuleEdit): ReadDraft {
  const compared = editable(rule);
  const threshold = readNumber(draft.threshold ?? '');
  const seconds = readNumber(draft.forSeconds);
  const wrong: ('threshold' | 'forSeconds')[] = [];
  const conditions = compared === null ? rule.conditions : [{ ...compared, threshold }];
  if (!condition.array().safeParse(conditions).success) wrong.push('threshold');
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > maxForSeconds) wrong.push('forSeconds');
  if (wrong.length > 0) return { ok: false, wrong };
  const fields = Object.fromEntries(Object.entries(rule).filter(([name]) => name in ruleInput.shape));
  const changed = { ...fields, conditions, forMs: seconds * 1_000, owner: draft.owner.trim(), enabled: draft.enabled };
  return { ok: true, rule: { ...ruleInput.parse(changed), version: rule.version } };
}
