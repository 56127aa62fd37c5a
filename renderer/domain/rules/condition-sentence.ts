import type { RuleInput } from '#common/contract/rules.ts';
import type { Language } from '#common/format.ts';
import { describeConditions } from '#common/words/conditions.ts';
import { formatSetDuration } from '#renderer/ui/format.ts';
import type { Translate } from '#renderer/ui/i18n.ts';
import type { words } from './words.ts';

/** Returns when a rule fires, as a sentence: its conditions and how long they must hold. @param unit of the rule's chart */
export function conditionSentence(
  t: Translate<keyof (typeof words)['en']>,
  rule: Pick<RuleInput, 'conditions' | 'match' | 'forMs'>,
  unit: string,
  language: Language,
): string {
  const hold = rule.forMs > 0 ? t('forAtLeast', { duration: formatSetDuration(rule.forMs, language) }) : t('atOnce');
  return t('condition', { condition: describeConditions(rule, unit, language), hold });
}
