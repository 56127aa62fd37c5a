import { type BacktestFiring, backtest, type MeasuredHistory } from '#common/rules/backtest.ts';
import type { EvaluatedRule } from '#common/rules/record.ts';

/** Work that lasts longer than this lets the screen paint and handle input in between, ms. */
const maxSliceMs = 20;

/** Lets the browser paint and handle input before the next piece of work. */
export const yieldToScreen = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/**
 * Finds where a rule would have fired, series after series. The work is cut into slices, so that a person can type and drag while many
 * series are evaluated.
 * @returns the firings by time; null if `isStopped` said so between two slices
 */
export async function backtestInSlices(
  rule: EvaluatedRule,
  histories: readonly MeasuredHistory[],
  isStopped: () => boolean,
  pause = yieldToScreen,
  sliceMs = maxSliceMs,
): Promise<BacktestFiring[] | null> {
  const firings: BacktestFiring[] = [];
  let begun = performance.now();
  for (const history of histories) {
    if (performance.now() - begun > sliceMs) {
      await pause();
      if (isStopped()) return null;
      begun = performance.now();
    }
    firings.push(...backtest(rule, history));
  }
  return firings.sort((a, b) => a.from - b.from);
}
