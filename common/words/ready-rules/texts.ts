import type { Language } from '../../format.ts';

type Text = Record<Language, string>;

/** The texts of a ready rule. */
export interface ReadyRuleTexts {
  name: Text;
  /** What it finds. */
  about: Text;
  /** Why it has these values. */
  why: Text;
  /** What to check first when it fires. */
  runbook: Text;
}
