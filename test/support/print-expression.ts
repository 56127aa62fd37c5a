import type { Expression, Selector } from '#common/rules/import/expression.ts';
import { printDurationInWeeks } from '#common/time/exact-duration.ts';

/** Writes an expression in PromQL, with parentheses around everything that is joined. Read again, it is the same expression. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return printNumber(expression.value);
    case 'text':
      return quote(expression.value);
    case 'reference':
      return `\${${expression.name}}`;
    case 'sign':
      return `${expression.sign}(${printExpression(expression.operand)})`;
    case 'selector':
      return printSelector(expression);
    case 'call': {
      const { name, grouping, arguments: given } = expression;
      const how = grouping === null ? '' : ` ${grouping.kind} (${grouping.labels.map(quoteName).join(', ')}) `;
      return `${name}${how}(${given.map(printExpression).join(', ')})`;
    }
    default: {
      const { left, operator, isBool, matching, right } = expression;
      const more = `${isBool ? 'bool ' : ''}${matching === null ? '' : printMatching(matching)}`;
      return `(${printExpression(left)}) ${operator} ${more}(${printExpression(right)})`;
    }
  }
}

/** The labels of `on` and `ignoring` aren't kept: whatever they are, the expression is refused. */
const printMatching = (matching: string): string =>
  matching === 'group_left' || matching === 'group_right' ? `on () ${matching} () ` : `${matching} () `;

function printSelector({ metric, matchers, rangeMs, offsetMs }: Selector): string {
  const isPlain = /^[A-Za-z_:][\w:]*$/.test(metric) && !/^(inf|nan)$/i.test(metric);
  const texts = matchers.map(({ label, operator, value }) => `${quoteName(label)}${operator}${quote(value)}`);
  const inner = isPlain || metric === '' ? texts : [quote(metric), ...texts];
  const braces = inner.length === 0 && isPlain ? '' : `{${inner.join(', ')}}`;
  const range = rangeMs === null ? '' : `[${printDurationInWeeks(rangeMs)}]`;
  return `${isPlain ? metric : ''}${braces}${range}${offsetMs === 0 ? '' : ` offset ${printDurationInWeeks(offsetMs)}`}`;
}

const printNumber = (value: number): string => (Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : 'Inf');
const quoteName = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : quote(name));
const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/[\n\r]/g, (one) => (one === '\n' ? '\\n' : '\\r'))}"`;
