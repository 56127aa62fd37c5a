import type { Operator } from '../../contract/conditions.ts';
import type { Binary, Expression } from './expression.ts';

/** Our operators by those of PromQL. */
export const operatorOf = { '>': '>', '>=': '>=', '<': '<', '<=': '<=', '==': '=', '!=': '!=' } as const satisfies Record<string, Operator>;

const flipped: Readonly<Partial<Record<Operator, Operator>>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' };
/** Returns the operator for exchanged sides. */
export const flip = (operator: Operator): Operator => flipped[operator] ?? operator;

export const isComparison = (expression: Expression): expression is Binary & { operator: keyof typeof operatorOf } =>
  expression.kind === 'binary' && Object.hasOwn(operatorOf, expression.operator);

export const isLogic = (expression: Expression): expression is Binary & { operator: 'and' | 'or' } =>
  expression.kind === 'binary' && (expression.operator === 'and' || expression.operator === 'or');
