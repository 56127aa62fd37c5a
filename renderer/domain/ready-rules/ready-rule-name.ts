import type { Language } from '#common/format.ts';
import { findReadyRule } from '#common/rules/ready/index.ts';
import { readyRuleTexts } from '#common/words/ready-rules/index.ts';

/** Returns the name of a ready rule; its code if this version of the product doesn't have it. */
export function readyRuleName(code: string, language: Language): string {
  const ready = findReadyRule(code);
  return ready === undefined ? code : readyRuleTexts[ready.code].name[language];
}
