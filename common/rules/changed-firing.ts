import { labelsKey } from '../contract/primitives.ts';
import type { BacktestFiring } from './backtest.ts';

/** Returns the time of the earliest firing that only one of two backtests has, or that lasts longer in one, ms; null if both are the same. */
export function firstChangedFiring(before: readonly BacktestFiring[], after: readonly BacktestFiring[]): number | null {
  const keysOf = (firings: readonly BacktestFiring[]) => new Set(firings.map(keyOf));
  const [old, next] = [keysOf(before), keysOf(after)];
  const changed = [...before.filter((one) => !next.has(keyOf(one))), ...after.filter((one) => !old.has(keyOf(one)))];
  return changed.reduce<number | null>((first, { from }) => (first === null || from < first ? from : first), null);
}

const keyOf = ({ labels, from, to }: BacktestFiring): string => `${from} ${to} ${labelsKey(labels)}`;
