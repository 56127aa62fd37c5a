import type { Expression } from './expression.ts';

const calculate: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
};

/** Returns the value of an expression that consists of numbers alone, such as `5 * 1024 ^ 3`; null for any other. */
export function constantOf(expression: Expression): number | null {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'sign') {
    const value = expression.sign === '!' ? null : constantOf(expression.operand);
    return value === null || expression.sign === '+' ? value : -value;
  }
  if (expression.kind !== 'binary' || !Object.hasOwn(calculate, expression.operator)) return null;
  const [a, b] = [constantOf(expression.left), constantOf(expression.right)];
  return a === null || b === null ? null : (calculate[expression.operator]?.(a, b) ?? null);
}
