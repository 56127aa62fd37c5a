import type { Alert } from '../contract/alerts.ts';
import type { ChartDefinition } from '../contract/charts.ts';
import type { Labels } from '../contract/primitives.ts';
import type { RuleInput } from '../contract/rules.ts';
import { checkTemplate, renderTemplate, type TextScope, TextTemplateError } from './text-template.ts';

/** The texts of an alert that its rule writes for it. */
export type AlertTexts = Pick<Alert, 'labels' | 'ruleLabels' | 'annotations' | 'runbook'>;
type TextFields = Pick<RuleInput, 'labels' | 'annotations' | 'runbook'>;

/** A text of a rule that can't be used: a template that can't be filled in, or a label that every series has already. */
export type TextMistake = { field: string; template: TextTemplateError } | { field: string; takenLabel: string };

/** Returns what is wrong with the texts of a rule. */
export function listTextMistakes({
  labels,
  annotations,
  runbook,
  matchLabels,
}: TextFields & Pick<RuleInput, 'matchLabels'>): TextMistake[] {
  const fields: [string, string][] = [
    ...Object.entries(labels).map(([name, text]): [string, string] => [`labels.${name}`, text]),
    ...Object.entries(annotations).map(([name, text]): [string, string] => [`annotations.${name}`, text]),
    ['runbook', runbook],
  ];
  const taken = Object.keys(labels).filter((name) => Object.hasOwn(matchLabels, name));
  return [
    ...fields.flatMap(([field, text]) => {
      const template = mistakeIn(text);
      return template === null ? [] : [{ field, template }];
    }),
    ...taken.map((takenLabel) => ({ field: `labels.${takenLabel}`, takenLabel })),
  ];
}

function mistakeIn(text: string): TextTemplateError | null {
  try {
    checkTemplate(text);
    return null;
  } catch (error) {
    if (error instanceof TextTemplateError) return error;
    throw error;
  }
}

/** Returns the texts of an alert. They never fail: a template that can't be filled in stays as it is, with a note. */
export function alertTexts(
  rule: TextFields & Pick<RuleInput, 'name' | 'code' | 'timeZone'>,
  chart: Pick<ChartDefinition, 'title' | 'unit'> | null,
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
