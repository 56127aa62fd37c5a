/** Ends and labelled values of a value axis. */
export interface ValueAxis {
  min: number;
  max: number;
  /** Distance between ticks; on a logarithmic axis a factor. */
  step: number;
  scale: 'linear' | 'log';
}

/** True when both have the same ends and ticks. */
export const sameAxis = (a: ValueAxis, b: ValueAxis): boolean =>
  a === b || (a.min === b.min && a.max === b.max && a.step === b.step && a.scale === b.scale);

/** Returns the round number (1, 2, 2.5 or 5 times a power of ten, whole if asked) at or above `raw`. */
function roundStep(raw: number, whole: boolean): number {
  if (whole && raw <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const share = raw / power;
  const nice = (whole && power < 10 ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]).find((one) => share <= one + 1e-9) ?? 10;
  return nice * power;
}

/** Removes rounding noise. If the step is too small compared with the value to round at a digit, the value stays as it is. */
const tidy = (value: number, step: number): number => (Math.abs(value) < step * 1e9 ? Number(value.toPrecision(12)) : value);

/** Larger values have no place on an axis: its length would overflow. */
const largest = 4e307;
/** Values at most this far from zero count as zero. */
const smallest = 1e-300;
/** A spread below this share of the values is rounding noise. */
const noise = 4.5e-16;

export interface AxisOptions {
  extent: { min: number; max: number } | null;
  /** Values that must be visible, such as thresholds. */
  include?: readonly number[] | undefined;
  /** Ends that the chart definition fixes. */
  fixed?: { min?: number | undefined; max?: number | undefined } | undefined;
  /** Starts the axis at zero, as areas and bars need; lines only do where zero is near. */
  fromZero?: boolean | undefined;
  /** The values are whole numbers, such as counts, so the ticks must be too. */
  whole?: boolean | undefined;
  /** Approximate number of steps. */
  steps?: number | undefined;
}

const within = (value: number): number => Math.min(largest, Math.max(-largest, value));

/** Computes a value axis: all visible values, a little space, round numbers, never reversed. */
export function valueAxis({ extent, include = [], fixed = {}, fromZero = false, whole = false, steps = 5 }: AxisOptions): ValueAxis {
  let min = within(Math.min(...include, extent?.min ?? Number.POSITIVE_INFINITY));
  let max = within(Math.max(...include, extent?.max ?? Number.NEGATIVE_INFINITY));
  if (min > max) [min, max] = [0, 1];
  const size = Math.max(Math.abs(min), Math.abs(max));
  if (size <= smallest && fixed.min === undefined && fixed.max === undefined) {
    // All values are zero: drawn at the bottom of an area, and in the middle of a line's axis, where they are visible.
    return { min: fromZero ? 0 : -1, max: 1, step: 1, scale: 'linear' };
  }
  const isFlat = max - min <= size * noise;
  const spread = size <= smallest ? 1 : isFlat ? size : max - min;
  const air = size <= smallest ? 1 : spread * 0.06;
  const nearZero = min >= 0 && min <= spread * 0.6;
  const low = fixed.min ?? (min >= 0 && (fromZero || nearZero) ? 0 : min - air);
  const high = fixed.max ?? (max <= 0 && fromZero ? 0 : max + air);
  const width = high > low ? high - low : spread;
  // Near the precision of doubles only powers of two are exact.
  const step = width < size * 1e-13 ? 2 ** Math.ceil(Math.log2(width / steps)) : roundStep(width / steps, whole);
  const top = Math.ceil((low + width) / step - 1e-9) * step;
  return {
    min: fixed.min ?? tidy(Math.floor(low / step + 1e-9) * step, step),
    max: fixed.max !== undefined && fixed.max > low ? fixed.max : tidy(top, step),
    step,
    scale: 'linear',
  };
}

/** Computes a logarithmic axis, at least a decade long, from the positive values only. */
export function logAxis({ extent, include = [], fixed = {}, steps = 5 }: AxisOptions): ValueAxis {
  const shown = [...include, extent?.min ?? NaN, extent?.max ?? NaN].filter((value) => value > 0 && value < Infinity);
  const ends = shown.length === 0 ? [1, 10] : [Math.min(...shown), Math.max(...shown)];
  const low = fixed.min !== undefined && fixed.min > 0 ? Math.log10(fixed.min) : Math.floor(Math.log10(ends[0] as number) + 1e-9);
  const top = fixed.max !== undefined && fixed.max > 0 ? Math.log10(fixed.max) : Math.ceil(Math.log10(ends[1] as number) - 1e-9);
  const high = top > low ? top : low + 1;
  return { min: 10 ** low, max: 10 ** high, step: 10 ** Math.max(1, Math.ceil((high - low) / steps)), scale: 'log' };
}

/** Returns the labelled values of an axis, ascending. */
export function axisTicks({ min, max, step, scale }: ValueAxis): number[] {
  const ticks: number[] = [];
  if (scale === 'log') {
    const by = Math.round(Math.log10(step));
    for (let power = Math.ceil(Math.log10(min) / by - 1e-9) * by; power <= Math.log10(max) + 1e-9; power += by) ticks.push(10 ** power);
    return ticks;
  }
  const first = Math.ceil(min / step - 1e-9);
  for (let i = first; i * step <= max + step * 1e-9 && ticks.length < 100; i++) ticks.push(tidy(i * step, step));
  return ticks;
}

/**
 * Maps a value to a row: `y = a·(top − value)`, device pixels from the top, using the logarithm on a logarithmic axis. Counting from the
 * top of the axis keeps large values that are close together apart.
 */
export interface Projection {
  a: number;
  top: number;
}

export function projection({ min, max, scale }: ValueAxis, rows: number): Projection {
  const [low, high] = scale === 'log' ? [Math.log10(min), Math.log10(max)] : [min, max];
  return { a: rows / (high - low), top: high };
}

/** Returns the row of a value on an axis, device pixels from the top; NaN if the axis can't show the value. */
export function rowOf(value: number, axis: ValueAxis, rows: number): number {
  const { a, top } = projection(axis, rows);
  return a * (top - (axis.scale === 'log' ? (value > 0 ? Math.log10(value) : NaN) : value));
}
