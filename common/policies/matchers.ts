import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { Alert } from '../contract/alerts.ts';
import type { AlertMatcher } from '../contract/policies.ts';
import type { Labels } from '../contract/primitives.ts';

/** Compiled regular expressions that are kept, because the same few are asked for every alert. */
const maxCompiled = 1_000;
const compiled = new Map<string, RE2JS>();

/** @throws RE2JSSyntaxException */
function expressionOf(pattern: string): RE2JS {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    expression = RE2JS.compile(pattern, RE2JS.DOTALL);
    if (compiled.size >= maxCompiled) compiled.clear();
    compiled.set(pattern, expression);
  }
  return expression;
}

/** True if a matcher matches a label set. A missing label counts as empty, and a regular expression must match the whole value. */
export function matches({ name, operator, value }: AlertMatcher, labels: Labels): boolean {
  const actual = Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
  switch (operator) {
    case '=':
      return actual === value;
    case '!=':
      return actual !== value;
    case '=~':
      return expressionOf(value).matches(actual);
    case '!~':
      return !expressionOf(value).matches(actual);
  }
}

export const matchesAll = (matchers: readonly AlertMatcher[], labels: Labels): boolean => matchers.every((one) => matches(one, labels));

/**
 * The labels by which policies select an alert: its own, and its rule, chart and severity under the names `alertname`, `rule`, `chart` and
 * `severity` unless it has a label with that name itself.
 */
export function policyLabels({ labels, ruleName, ruleCode, chartCode, severity }: PolicyAlert): Labels {
  return { alertname: ruleName, rule: ruleCode, chart: chartCode, severity, ...labels };
}
export type PolicyAlert = Pick<Alert, 'labels' | 'ruleName' | 'ruleCode' | 'chartCode' | 'severity'>;

/** A problem of the matchers of a policy. `index` is that of the matcher; null for a problem of all of them together. */
export type MatchersProblem =
  | { reason: 'bad_expression'; index: number; pattern: string; detail: string }
  /** All of them match an alert without labels, so they would select everything that lacks a label: a slip, as in Alertmanager. */
  | { reason: 'matches_everything'; index: null };

/** Returns what is wrong with the matchers of a policy; null when they can be used. */
export function findMatchersProblem(matchers: readonly AlertMatcher[]): MatchersProblem | null {
  for (const [index, { operator, value }] of matchers.entries()) {
    if (operator === '=' || operator === '!=') continue;
    try {
      expressionOf(value);
    } catch (error) {
      if (!(error instanceof RE2JSSyntaxException)) throw error;
      return { reason: 'bad_expression', index, pattern: value, detail: error.getDescription() };
    }
  }
  return matchers.every((one) => matches(one, {})) ? { reason: 'matches_everything', index: null } : null;
}
