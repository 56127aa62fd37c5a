import type { Language } from '#common/format.ts';
import { findReadyRule } from '#common/rules/ready/index.ts';
import { readyRuleTexts } from '#common/words/ready-rules/index.ts';

/** Returns the name of a ready rule; its code if this version of the product doesn't have it. */
export function readyRuleName(code: string, language: Language): string {
  const ready = findReadyRule(code);
  return ready === undefined ? code : readyRuleTexts[ready.code].name[language];
}

/** Returns how many rules, or alerts of rules, come from each ready rule, by its code. */
export function countReadyRules(items: Iterable<{ templateCode?: string | undefined }>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { templateCode } of items) if (templateCode !== undefined) counts.set(templateCode, (counts.get(templateCode) ?? 0) + 1);
  return counts;
}
