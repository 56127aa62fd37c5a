import { conveyorRuleTexts } from './conveyor.ts';
import { databaseRuleTexts } from './databases.ts';
import { generalRuleTexts } from './general.ts';
import { hostRuleTexts } from './hosts.ts';
import { loaderRuleTexts } from './loaders.ts';
import { platformRuleTexts } from './platform.ts';

/** The texts of all ready rules. Their codes are stable. */
export const readyRuleTexts = {
  ...loaderRuleTexts,
  ...hostRuleTexts,
  ...conveyorRuleTexts,
  ...databaseRuleTexts,
  ...platformRuleTexts,
  ...generalRuleTexts,
} as const;
export type ReadyRuleCode = keyof typeof readyRuleTexts;
