import type { Rule, RuleInput } from '#common/contract/rules.ts';
import { ruleInput } from '#common/contract/rules.ts';

/** The rule's fields as typed. */
export interface RuleEdit {
  threshold: string;
  forSeconds: string;
  enabled: boolean;
}
export type ReadDraft = { ok: true; rule: RuleInput & { version: number } } | { ok: false; wrong: ('threshold' | 'forSeconds')[] };

const maxForSeconds = 86_400;

export const draftOf = (rule: Rule): RuleEdit => ({
  threshold: String(rule.condition.threshold),
  forSeconds: String(rule.forMs / 1_000),
  enabled: rule.enabled,
});

/** Parses a number typed with a point or a comma; null if it isn't one. */
function readNumber(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  const value = Number(trimmed);
  return trimmed === '' || !Number.isFinite(value) ? null : value;
}

/** Returns the rule with the draft's changes, under the version that was read; otherwise the fields that are invalid. */
export function ruleFrom(rule: Rule, draft: RuleEdit): ReadDraft {
  const threshold = readNumber(draft.threshold);
  const seconds = readNumber(draft.forSeconds);
  const wrong: ('threshold' | 'forSeconds')[] = [];
  if (threshold === null) wrong.push('threshold');
  if (seconds === null || !Number.isInteger(seconds) || seconds < 0 || seconds > maxForSeconds) wrong.push('forSeconds');
  if (threshold === null || seconds === null || wrong.length > 0) return { ok: false, wrong };
  const fields = Object.fromEntries(Object.entries(rule).filter(([name]) => name in ruleInput.shape));
  const changed = { ...fields, condition: { ...rule.condition, threshold }, forMs: seconds * 1_000, enabled: draft.enabled };
  return { ok: true, rule: { ...ruleInput.parse(changed), version: rule.version } };
}
