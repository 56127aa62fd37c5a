/** The data of every store: regular, wandering values with two decimals, one per second and series. */
export interface Data {
  series: number;
  /** Points a series. */
  perSeries: number;
  /** Time of the first point, on the hour, and of the one after the last; ms. */
  from: number;
  to: number;
  /** Values of each series; point `i` has the time `from + i · stepMs`. */
  values: Float64Array[];
}

export const stepMs = 1_000;
const hourMs = 3_600_000;

export function makeData(points: number, series: number): Data {
  const perSeries = Math.floor(points / series);
  const from = Math.floor((Date.now() - perSeries * stepMs) / hourMs - 2) * hourMs;
  const values = Array.from({ length: series }, (_, s) => {
    let state = s + 1;
    let level = 5_000 + 10 * s;
    return Float64Array.from({ length: perSeries }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      level += (state % 101) - 50;
      return level / 100;
    });
  });
  return { series, perSeries, from, to: from + perSeries * stepMs, values };
}

export function timesOf(data: Data, first = 0, count = data.perSeries - first): Float64Array {
  const times = new Float64Array(count);
  for (let i = 0; i < count; i++) times[i] = data.from + (first + i) * stepMs;
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
