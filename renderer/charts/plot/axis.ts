import { formatNumber, isByteUnit } from '#common/format.ts';
import type { AxisLabels, ValueAxis } from '#renderer/charts/engine/index.ts';

export { valueAxis } from '#renderer/charts/engine/index.ts';

/** Powers of 1,000 and their letters. */
const thousands = [
  { factor: 1, letter: '' },
  { factor: 1e3, letter: 'k' },
  { factor: 1e6, letter: 'M' },
  { factor: 1e9, letter: 'G' },
  { factor: 1e12, letter: 'T' },
  { factor: 1e15, letter: 'P' },
] as const;

export interface LabelOptions {
  values: readonly number[];
  axis: Pick<ValueAxis, 'step' | 'scale'>;
  unit: string;
  /** Width next to the plot, CSS pixels. */
  room: number;
  /** Maximum width, if that isn't enough. */
  maxRoom: number;
  /** Measures a text as it is drawn. */
  widthOf: (text: string) => number;
}

/**
 * Formats the labels of a value axis so that none is cut: in full if they fit, else scaled (`16.78 M`), else as the distance from a value
 * that is written once (`+0.25` from `1,000,000,000,000,000`). All have the digits that their step needs, so no two labels are equal.
 */
export function axisLabels(options: LabelOptions): AxisLabels {
  const { values, axis, unit, room, maxRoom, widthOf } = options;
  const stepOf = (value: number) => (axis.scale === 'log' ? value : axis.step);
  const measured = (texts: string[], note = ''): AxisLabels => ({
    texts,
    note,
    // Equal labels are useless, however narrow they are.
    width: new Set(texts).size < texts.length ? Number.POSITIVE_INFINITY : Math.max(0, ...texts.map(widthOf)),
  });
  const scaled = measured(scaledTexts(values, stepOf, unit, axis.scale === 'log'));
  const full = isByteUnit(unit) ? scaled : measured(values.map((value) => fullText(value, stepOf(value))));
  if (full.width <= room) return full;
  if (scaled.width <= room) return scaled;
  const narrower = scaled.width < full.width ? scaled : full;
  if (narrower.width <= maxRoom || axis.scale === 'log') return narrower;
  const { base, texts } = distances(values, axis.step, unit);
  return measured(texts, `${formatNumber(base, 0)}${isByteUnit(unit) ? ` ${unit}` : ''} +`);
}

/** Formats a number with the decimals of the axis; very large or small ones with a power of ten. */
function fullText(value: number, step: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (step < 1e-7 || size >= 1e21) && size / step < 1e6) return formatNumber(value, decimalsOf(step));
  return formatNumber(value, Math.min(12, decimalsOf(step)));
}

function scaledTexts(values: readonly number[], stepOf: (value: number) => number, unit: string, each: boolean): string[] {
  const largest = Math.max(...values.map(Math.abs));
  const isBytes = isByteUnit(unit);
  return values.map((value) => {
    if (value === 0) return isBytes ? `0 ${unit === 'B' || unit === 'bytes' ? 'B' : 'B/s'}` : '0';
    const size = each ? Math.abs(value) : largest;
    const { factor, letter } = thousands.findLast((one) => one.factor <= size * (1 + 1e-12)) ?? thousands[0];
    const number = fullText(value / factor, stepOf(value) / factor);
    if (isBytes) return `${number} ${letter}${unit.endsWith('/s') ? 'B/s' : 'B'}`;
    return letter === '' ? number : `${number} ${letter}`;
  });
}

/** Formats labels as distances from a round value below all of them. */
function distances(values: readonly number[], step: number, unit: string): { base: number; texts: string[] } {
  const least = Math.min(...values);
  const round = 10 ** Math.ceil(Math.log10(Math.max(step, Math.max(...values) - least)));
  const base = Math.floor(least / round) * round;
  return { base, texts: values.map((value) => `+${fullText(value - base, step)}${isByteUnit(unit) ? ` ${unit}` : ''}`) };
}

/** Returns as many decimals as the step itself needs: with fewer, ticks would look uneven or repeat. */
function decimalsOf(step: number): number {
  const power = Math.floor(Math.log10(step));
  for (let decimals = Math.max(0, -power); decimals < Math.max(0, -power) + 4; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return Math.max(0, -power) + 4;
}

/** Returns the unit to write above the axis; empty if every tick carries it. */
export const axisUnit = (unit: string): string => (isByteUnit(unit) ? '' : unit);
