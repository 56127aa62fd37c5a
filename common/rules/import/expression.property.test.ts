import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printExpression } from '../../../test/support/print-expression.ts';
import { meaningOf } from './conditions.ts';
import { type Expression, readExpression } from './expression.ts';
import { Refusal } from './refusal.ts';

const span = { from: 0, to: 0 };
const name = fc
  .stringMatching(/^[a-z_][a-z0-9_]{0,6}$/)
  .filter(
    (text) =>
      !/^(by|without|and|or|unless|bool|on|ignoring|offset|inf|nan|sum|avg|min|max|count|group|atan2|stddev|stdvar|topk)$/.test(text),
  );
const durationMs = fc.integer({ min: 1, max: 40 * 86_400 }).map((seconds) => seconds * 1_000);
const text = fc.string({ maxLength: 12, unit: 'grapheme' });

const selector: fc.Arbitrary<Expression> = fc.record({
  kind: fc.constant('selector' as const),
  metric: fc.oneof(
    name,
    text.filter((one) => one !== ''),
  ),
  matchers: fc.array(
    fc.record({
      label: fc.oneof(name, text).filter((one) => one !== '__name__'),
      operator: fc.constantFrom('=' as const, '!=' as const, '=~' as const, '!~' as const),
      value: text,
      from: fc.constant(0),
      to: fc.constant(0),
    }),
    { maxLength: 3 },
  ),
  rangeMs: fc.option(durationMs, { nil: null }),
  offsetMs: fc.oneof(fc.constant(0), durationMs),
  from: fc.constant(0),
  to: fc.constant(0),
});
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    selector,
    fc.double({ min: 0, noNaN: true }).map((value): Expression => ({ kind: 'number', value, ...span })),
    text.map((value): Expression => ({ kind: 'text', value, ...span })),
    fc
      .record({ sign: fc.constantFrom('-' as const, '+' as const), operand: tie('expression') })
      .map((one): Expression => ({ kind: 'sign', ...one, ...span })),
    fc
      .record({
        name: fc.oneof(name, fc.constantFrom('sum', 'topk', 'rate', 'avg_over_time')),
        arguments: fc.array(tie('expression'), { maxLength: 3 }),
      })
      .map((one): Expression => ({ kind: 'call', grouping: null, ...one, ...span })),
    fc
      .record({
        kind: fc.constantFrom('by' as const, 'without' as const),
        labels: fc.array(fc.oneof(name, text), { maxLength: 2 }),
        argument: tie('expression'),
      })
      .map(({ argument, ...grouping }): Expression => ({ kind: 'call', name: 'sum', grouping, arguments: [argument], ...span })),
    fc
      .record({
        operator: fc.constantFrom('or', 'and', 'unless', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '^', 'atan2'),
        left: tie('expression'),
        right: tie('expression'),
        isBool: fc.boolean(),
        matching: fc.constantFrom(null, 'on', 'ignoring', 'group_left', 'group_right'),
      })
      .map((one): Expression => ({ kind: 'binary', at: span, ...one, ...span })),
  ),
}));

/** The same expression without the places of its parts. */
const bare = (value: Expression): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, one: unknown) =>
      key === 'from' || key === 'to' || key === 'at' ? undefined : one === Infinity ? 'Inf' : one,
    ),
  );

describe('expressions', () => {
  it('are the same when they are written and read again', () => {
    fc.assert(
      fc.property(expression, (one) => {
        expect(bare(readExpression(printExpression(one)))).toEqual(bare(one));
      }),
    );
  });

  const piece = fc.constantFrom(
    ...['m', '{', '}', '(', ')', '[', ']', 'a="b"', 'a!~"b"', ',', ':', '5m', '5', '-', '>', '==', ' and ', ' or ', ' offset ', '@'],
    ...['sum', ' by ', 'rate', 'absent', 'avg_over_time', 'changes', '1d', '/', '^', '!', '"', '`', '\\', '#', '$A', '$', '\n', 'é', '0x'],
  );
  const anything = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  );
  it('of any text are read, or refused with a place inside the text', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom('promql' as const, 'math' as const), (source, dialect) => {
        try {
          meaningOf(readExpression(source, dialect), null);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          const { from, to } = error.span ?? { from: 0, to: 0 };
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(source.length);
        }
      }),
      { numRuns: 3_000 },
    );
  });
  it('that mean something mean the same when they are written and read again', () => {
    const leaf = fc
      .tuple(
        fc.constantFrom('m', 'avg_over_time(m{a="b"}[5m])', 'm - m offset 1d', 'changes(m[1h])'),
        fc.constantFrom('>', '<=', '=='),
        fc.integer({ min: -3, max: 3 }),
      )
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(fc.array(leaf, { minLength: 1, maxLength: 3 }), fc.constantFrom(' and ', ' or '), (leaves, joined) => {
        const read = readExpression(leaves.join(joined));
        const meant = (one: Expression) => {
          try {
            return meaningOf(one, null);
          } catch (error) {
            return (error as Refusal).note;
          }
        };
        expect(meant(readExpression(printExpression(read)))).toEqual(meant(read));
      }),
    );
  });
});
