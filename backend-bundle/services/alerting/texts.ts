import { AppError } from '#common/contract/errors.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { listTextMistakes } from '#common/rules/alert-texts.ts';

/** Checks the texts of a rule before it is stored. @throws AppError validation_failed, with the field */
export function checkTexts(rule: RuleInput): void {
  const [mistake] = listTextMistakes(rule);
  if (mistake === undefined) return;
  const { field } = mistake;
  if ('takenLabel' in mistake)
    throw new AppError('validation_failed', `Every series of this rule has a label "${mistake.takenLabel}" already.`, {
      field,
      hint: 'Choose another name for the label of the rule.',
    });
  const { line, column, message, hint } = mistake.template;
  throw new AppError('validation_failed', `Line ${line}, column ${column}: ${message}`, { field, hint, cause: mistake.template });
}
