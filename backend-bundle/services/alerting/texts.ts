import type { Alert } from '#common/contract/alerts.ts';
import type { ChartDefinition } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Labels } from '#common/contract/primitives.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { checkTemplate, renderTemplate, type TextScope, TextTemplateError } from '#common/rules/text-template.ts';

/** The texts of an alert that its rule writes for it. */
export type AlertTexts = Pick<Alert, 'labels' | 'ruleLabels' | 'annotations' | 'runbook'>;

/** Checks the texts of a rule before it is stored. @throws AppError validation_failed, with the field */
export function checkTexts({ labels, annotations, runbook, matchLabels }: RuleInput): void {
  const fields: [string, string][] = [
    ...Object.entries(labels).map(([name, text]): [string, string] => [`labels.${name}`, text]),
    ...Object.entries(annotations).map(([name, text]): [string, string] => [`annotations.${name}`, text]),
    ['runbook', runbook],
  ];
  for (const [field, text] of fields) {
    try {
      checkTemplate(text);
    } catch (error) {
      if (!(error instanceof TextTemplateError)) throw error;
      const { line, column, message, hint } = error;
      throw new AppError('validation_failed', `Line ${line}, column ${column}: ${message}`, { field, hint, cause: error });
    }
  }
  const taken = Object.keys(labels).find((name) => Object.hasOwn(matchLabels, name));
  if (taken !== undefined)
    throw new AppError('validation_failed', `Every series of this rule has a label "${taken}" already.`, {
      field: `labels.${taken}`,
      hint: 'Choose another name for the label of the rule.',
    });
}

/** Returns the texts of an alert. They never fail: a template that can't be filled in stays as it is, with a note. */
export function alertTexts(
  rule: RuleInput,
  chart: ChartDefinition | null,
  series: Labels,
  { value, threshold, severity, startedAt }: Pick<Alert, 'value' | 'threshold' | 'severity' | 'startedAt'>,
): AlertTexts {
  const { name, code, timeZone } = rule;
  const facts = { value, threshold, severity, startedAt, timeZone, rule: { name, code }, chart };
  const ruleLabels = labelsToAdd(rule.labels, { ...facts, labels: series });
  const labels = { ...series, ...ruleLabels };
  const annotations = rendered(rule.annotations, { ...facts, labels });
  return { labels, ruleLabels, annotations, runbook: renderTemplate(rule.runbook, { ...facts, labels }) };
}

/** Returns the labels that the rule adds to those of the series. A name that the series has too becomes `rule_NAME`. */
function labelsToAdd(labels: Labels, scope: TextScope): Labels {
  const added = Object.entries(rendered(labels, scope)).map(([name, value]): [string, string] => {
    const free = Object.hasOwn(scope.labels, name) ? `rule_${name}` : name;
    return [free, value.slice(0, 512)];
  });
  // The series keeps its labels, whatever they are called.
  return Object.fromEntries(added.filter(([name]) => !Object.hasOwn(scope.labels, name)));
}

const rendered = (texts: Readonly<Record<string, string>>, scope: TextScope): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, renderTemplate(text, scope)]));
