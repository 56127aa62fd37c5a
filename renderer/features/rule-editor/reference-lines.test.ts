import { expect, it } from 'vitest';
import { adaptiveConditions } from '#common/rules/adaptive.ts';
import { measureHistory } from '#common/rules/backtest.ts';
import { dayMs, hourMs } from '#common/time/durations.ts';
import { referenceLines } from './reference-lines.ts';

const start = Date.parse('2026-06-01T00:00Z');
const { conditions } = adaptiveConditions({ aggregation: 'avg', windowMs: hourMs });
const times = { from: start + 20 * dayMs, to: start + 20 * dayMs + 3 * hourMs, everyMs: hourMs };
/** Every hour of the day has its number as the value. */
const t = Array.from({ length: 21 * 24 }, (_, i) => start + i * hourMs);
const v = t.map((_, i) => i % 24);
const points = { t, last: v, count: v.map(() => 1), sum: v, min: v, max: v };
const history = measureHistory({ conditions, timeZone: 'UTC', delayMs: 0 }, { belt: 'a' }, points, times);
const names = { usual: 'usual', low: 'low', high: 'high' };
const line = { id: '0 [["belt","a"]]', name: 'a', place: 2, t: [], v: [] };

it('draws the usual value and both ends of the range in the colour of the series', () => {
  const drawn = referenceLines({ conditions }, [history], [line], names);
  expect(drawn.map(({ name, place, faint }) => [name, place, faint])).toEqual([
    ['usual', 2, true],
    ['low', 2, true],
    ['high', 2, true],
  ]);
  // The window that ends at midnight holds 23; the next three 0, 1 and 2.
  expect(drawn[0]?.v).toEqual([23, 0, 1, 2]);
  expect(drawn[0]?.t).toEqual([0, 1, 2, 3].map((hours) => times.from + hours * hourMs));
  expect(drawn[1]?.v[0]).toBeLessThan(0);
  expect(drawn[2]?.v[0]).toBeGreaterThan(23);
});

it('draws none for many series, and none for conditions that compare with nothing earlier', () => {
  expect(referenceLines({ conditions }, [history, history, history, history], [line], names)).toEqual([]);
  expect(referenceLines({ conditions: [{ kind: 'absent', windowMs: hourMs }] }, [history], [line], names)).toEqual([]);
});
