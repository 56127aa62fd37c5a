import { compares } from '../compare.ts';
import { constantOf } from './constants.ts';
import type { Binary, Expression } from './expression.ts';
import { type ForeignFields, groupIn } from './fields.ts';
import { flip, isComparison, isLogic, operatorOf } from './operators.ts';
import { Refusal, type Span } from './refusal.ts';

/** The comparisons that evaluators with one number stand for. */
const single: Readonly<Record<string, string>> = { gt: '>', lt: '<', gte: '>=', lte: '<=', eq: '==', ne: '!=' };
/** Those of evaluators with two, and what joins them. */
const double: Readonly<Record<string, readonly [lower: string, joined: 'and' | 'or', upper: string]>> = {
  within_range: ['>', 'and', '<'],
  within_range_included: ['>=', 'and', '<='],
  outside_range: ['<', 'or', '>'],
  outside_range_included: ['<=', 'or', '>='],
};

/** Compares a value as a threshold or a classic condition of Grafana does. @throws Refusal */
export function compareWith(value: Expression, condition: ForeignFields, span: Span): Expression {
  const { type, params } = groupIn(condition, 'evaluator');
  const [first, second] = Array.isArray(params) ? params : [];
  const name = typeof type === 'string' ? type : '';
  const refusal = new Refusal('evaluator', { type: name }, span);
  if (typeof first !== 'number') throw refusal;
  const compared = (operator: string, threshold: number) =>
    join(operator, value, { kind: 'number', value: threshold, from: span.from, to: span.to }, span);
  const operator = Object.hasOwn(single, name) ? single[name] : undefined;
  if (operator !== undefined) return compared(operator, first);
  const range = Object.hasOwn(double, name) ? double[name] : undefined;
  if (range === undefined || typeof second !== 'number' || first > second) throw refusal;
  const [lower, joined, upper] = range;
  return join(joined, compared(lower, first), compared(upper, second), span);
}

/** A condition that is a calculation fires where its result isn't zero. */
export function whereNotZero(expression: Expression): Expression {
  if (isTruth(expression)) return expression;
  return join('!=', expression, { kind: 'number', value: 0, from: expression.from, to: expression.to }, expression);
}

/**
 * A condition that is a query fires where its value isn't zero, and a comparison of PromQL gives the value that it compares.
 * @throws Refusal if the comparison holds for a value of zero, for which Grafana doesn't fire
 */
export function whereQueryNotZero(expression: Expression): Expression {
  if (isLogic(expression)) {
    whereQueryNotZero(expression.left);
    whereQueryNotZero(expression.right);
  } else if (isComparison(expression)) {
    const [left, right] = [constantOf(expression.left), constantOf(expression.right)];
    const operator = operatorOf[expression.operator];
    const threshold = right ?? left;
    if (threshold === null || compares(0, right === null ? flip(operator) : operator, threshold))
      throw new Refusal('zero_value', {}, expression);
  }
  return whereNotZero(expression);
}

const isTruth = (expression: Expression): boolean =>
  isComparison(expression) || isLogic(expression) || (expression.kind === 'call' && expression.name.startsWith('absent'));

export const join = (operator: string, left: Expression, right: Expression, { from, to }: Span): Binary => ({
  kind: 'binary',
  operator,
  left,
  right,
  isBool: false,
  matching: null,
  at: { from, to },
  from,
  to,
});
