import type { BaselineCondition, ChangeCondition, Condition } from '../contract/conditions.ts';
import type { Interval } from '../time/intervals.ts';
import { isReferenced, type Reference, type ReferencedCondition, type SeriesWindows, type WindowValue } from './reference.ts';

/** The data of one condition at one evaluation. */
export type Measurement =
  | {
      kind: 'value';
      /** The window as one value, in the chart's unit; of an `unchanged` condition its greatest, of an `absent` one its number of points. */
      value: number;
      /**
       * The number that is compared with the threshold: the value, or its difference, ratio or distance from its reference. Infinite where
       * the divisor is zero.
       */
      compared: number;
      points: number;
      reference?: Pick<Reference, 'low' | 'high'>;
    }
  /** There is no point in the window; with `earlier`, in the earlier one of a `change` condition. */
  | { kind: 'empty'; earlier?: true }
  /** Too few earlier windows have points to compare with. */
  | { kind: 'no-reference'; value: number; points: number; samples: number; needed: number };

/** Returns what a condition compares with, of one series at the time of the evaluation. */
export type ReferenceOf = (condition: ReferencedCondition) => Reference | { samples: number; needed: number };

/** Usual values in sigmas: the least standard deviation, as a share of the usual value, unless the condition sets a floor. */
const defaultSigmaFloor = 0.01;

/**
 * Measures one condition of a rule for one series.
 * @param end end of the window, epoch ms
 */
export function measure(condition: Condition, series: SeriesWindows, referenceOf: ReferenceOf, end: number): Measurement {
  const window = windowOf(condition, end);
  if (condition.kind === 'absent') {
    const points = series.valueOf('count', window)?.points ?? 0;
    return { kind: 'value', value: points, compared: points, points };
  }
  if (condition.kind === 'unchanged') return measureSpread(series, window);
  const now = series.valueOf(condition.aggregation, window);
  if (now === null) return { kind: 'empty' };
  if (condition.kind === 'threshold') return { kind: 'value', ...now, compared: now.value };
  if (isReferenced(condition)) return compareWithReference(condition, now, referenceOf(condition));
  const before = series.valueOf(condition.aggregation, { from: window.from - condition.agoMs, to: window.to - condition.agoMs });
  if (before === null) return { kind: 'empty', earlier: true };
  const reference = { low: before.value, high: before.value };
  return { kind: 'value', ...now, compared: change(condition, now.value, before.value), reference };
}

/** Returns the length of the longest window of a rule's conditions, ms. */
export const longestWindowMs = ({ conditions }: { conditions: readonly Condition[] }): number =>
  Math.max(...conditions.map(({ windowMs }) => windowMs));

/** Returns the window that a condition evaluates. */
export const windowOf = ({ windowMs }: Condition, end: number): Interval => ({ from: Math.max(0, end - windowMs), to: end });

function measureSpread(series: SeriesWindows, window: Interval): Measurement {
  const [least, greatest] = [series.valueOf('min', window), series.valueOf('max', window)];
  if (least === null || greatest === null) return { kind: 'empty' };
  return { kind: 'value', value: greatest.value, compared: greatest.value - least.value, points: greatest.points };
}

function change({ as, floor = 0, agoMs }: ChangeCondition, now: number, before: number): number {
  if (as === 'difference') return now - before;
  return as === 'perSecond' ? (now - before) / (agoMs / 1_000) : ratio(100 * (now - before), Math.max(Math.abs(before), floor), 0);
}

function compareWithReference(condition: ReferencedCondition, now: WindowValue, reference: ReturnType<ReferenceOf>): Measurement {
  if (!('low' in reference)) return { kind: 'no-reference', ...now, ...reference };
  const { low, high } = reference;
  if (condition.kind === 'range') {
    const compared = now.value > high ? now.value - high : now.value < low ? now.value - low : 0;
    return { kind: 'value', ...now, compared, reference: { low, high } };
  }
  return { kind: 'value', ...now, compared: deviation(condition, now.value, reference), reference: { low, high } };
}

function deviation({ as, floor }: BaselineCondition, now: number, { low: usual, spread }: Reference): number {
  if (as === 'difference') return now - usual;
  if (as === 'sigmas') return ratio(now - usual, Math.max(spread, floor ?? defaultSigmaFloor * Math.abs(usual)), 0);
  const divisor = Math.max(Math.abs(usual), floor ?? 0);
  return ratio(now, usual < 0 ? -divisor : divisor, 1);
}

/** Divides; zero by zero gives `unchanged`. */
const ratio = (a: number, b: number, unchanged: number): number => (a === 0 && b === 0 ? unchanged : a / b);
