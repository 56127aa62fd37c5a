import { ruleInput } from '#common/contract/rules.ts';
import { measureHistory } from '#common/rules/backtest.ts';
import { dayMs, minuteMs } from '#common/time/durations.ts';
import { backtestInSlices } from '#renderer/domain/backtest/sliced.ts';

const condition = { kind: 'threshold', aggregation: 'avg', windowMs: 5 * minuteMs, operator: '>', threshold: 0.9 } as const;
const rule = {
  ...ruleInput.parse({ code: 'a', name: 'A', chartCode: 'c', conditions: [condition], severity: 'HIGH' }),
  unit: '',
  delayMs: 0,
};
const times = { from: 0, to: 30 * dayMs, everyMs: minuteMs };

/** A month of points, one a minute, which leave their sine now and then. */
function pointsOf(shift: number) {
  const t = Float64Array.from({ length: (times.to - times.from) / minuteMs }, (_, i) => i * minuteMs);
  const v = t.map((at, i) => Math.sin((at + shift * dayMs) / dayMs) + ((i * 7_919 + shift) % 1_013 < 20 ? 1 : 0));
  return { t, last: v, count: v.map(() => 1), sum: v, min: v, max: v };
}

/**
 * Measures how long the rule editor takes to find the firings of a month again after a threshold has changed, and how long it keeps the
 * screen busy at a time, ms.
 */
export async function measureRedraw(series: number): Promise<{ redrawMs: number; longestMs: number; firings: number }> {
  const histories = Array.from({ length: series }, (_, i) => measureHistory(rule, { series: String(i) }, pointsOf(i), times));
  let longestMs = 0;
  const run = async () => {
    let begun = performance.now();
    const endSlice = () => {
      longestMs = Math.max(longestMs, performance.now() - begun);
    };
    const pause = async () => {
      endSlice();
      await new Promise((resolve) => setTimeout(resolve));
      begun = performance.now();
    };
    const firings = await backtestInSlices(rule, histories, () => false, pause);
    endSlice();
    return firings?.length ?? 0;
  };
  // The first run compiles.
  await run();
  longestMs = 0;
  const started = performance.now();
  const firings = await run();
  return { redrawMs: performance.now() - started, longestMs, firings };
}
