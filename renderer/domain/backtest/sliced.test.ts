import { expect, it } from 'vitest';
import { ruleInput } from '#common/contract/rules.ts';
import { backtest, type MeasuredHistory } from '#common/rules/backtest.ts';
import { minuteMs } from '#common/time/durations.ts';
import { backtestInSlices } from './sliced.ts';

const rule = {
  ...ruleInput.parse({
    code: 'a',
    name: 'A',
    chartCode: 'c',
    conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: minuteMs, operator: '>', threshold: 5 }],
    severity: 'HIGH',
  }),
  unit: '',
  delayMs: 0,
};
const count = 43_200;
const times = { from: 0, to: (count - 1) * minuteMs, everyMs: minuteMs };
/** A month of evaluations, each series shifted against the others. */
const historyOf = (shift: number): MeasuredHistory => ({
  labels: { series: String(shift) },
  times,
  byCondition: [
    Array.from({ length: count }, (_, k) => {
      const value = (k + shift) % 1_000 < 10 ? 9 : 1;
      return { kind: 'value', value, compared: value, points: 1 };
    }),
  ],
  lastAt: Array.from({ length: count }, (_, k) => k * minuteMs),
});
const histories = Array.from({ length: 20 }, (_, i) => historyOf(37 * i));

it('finds the same firings as in one go, by time, and pauses in between', async () => {
  let pauses = 0;
  const found = await backtestInSlices(
    rule,
    histories,
    () => false,
    async () => {
      pauses += 1;
    },
    -1,
  );
  const whole = histories.flatMap((history) => backtest(rule, history)).sort((a, b) => a.from - b.from);
  expect(found).toEqual(whole);
  expect(whole.length).toBeGreaterThan(500);
  expect(pauses).toBe(histories.length);
});

it('stops at the next pause', async () => {
  await expect(backtestInSlices(rule, histories, () => true, undefined, -1)).resolves.toBeNull();
});
