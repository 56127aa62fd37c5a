import { lowerBound } from '#common/timeseries/lower-bound.ts';
import type { Plot } from '#renderer/charts/engine/index.ts';
import { plottedOf } from './extremes.ts';
import type { ChartSeries } from './types.ts';

interface Given {
  t: ArrayLike<number>;
  v: ArrayLike<number>;
  bucketMs: number;
}

/**
 * Returns the index from which `next` is new if it continues `before`: the same points, except that the oldest may have been dropped and
 * the last may still have been filling. −1 if it is another line.
 */
export function continuesAt(before: Given, next: Given): number {
  const first = next.t[0];
  if (before.bucketMs !== next.bucketMs || first === undefined) return -1;
  const left = lowerBound(before.t, first);
  const shared = before.t.length - 1 - left;
  if (shared < 1 || next.t.length <= shared || next.t[shared] !== before.t[left + shared]) return -1;
  for (let i = 0; i < shared; i++) {
    const [was, is] = [before.v[left + i], next.v[i]];
    if (next.t[i] !== before.t[left + i] || (is !== was && !(Number.isNaN(is) && Number.isNaN(was)))) return -1;
  }
  return shared;
}

/** Sends a plot only what changed of its lines: whole lines, or the new end of one that continued. */
export class PlotFeed {
  readonly #plot: Plot;
  readonly #given = new Map<string, Given>();
  #last: { series: readonly ChartSeries[]; bucketMs: number } = { series: [], bucketMs: 0 };

  constructor(plot: Plot) {
    this.#plot = plot;
  }

  /** Sends everything again after the plot has lost its points. */
  again(): void {
    const { series, bucketMs } = this.#last;
    this.#given.clear();
    this.give(series, bucketMs);
  }

  give(series: readonly ChartSeries[], bucketMs: number): void {
    this.#last = { series, bucketMs };
    const plotted = plottedOf(series);
    const ids = new Set(plotted.map(({ id }) => id));
    for (const id of this.#given.keys()) {
      if (ids.has(id)) continue;
      this.#given.delete(id);
      this.#plot.drop(id);
    }
    for (const { id, t, v } of plotted) {
      const before = this.#given.get(id);
      const next = { t, v, bucketMs };
      if (before && before.t === t && before.v === v && before.bucketMs === bucketMs) continue;
      this.#given.set(id, next);
      const start = before ? continuesAt(before, next) : -1;
      // Transferred arrays are unusable here, but a table or readout next to the chart needs them: values are copied, times only if irregular.
      if (start >= 0) this.#plot.append(id, copyOf(t, start), copyOf(v, start), t[0]);
      else this.#plot.put(id, { times: stepOf(t) ?? copyOf(t), values: copyOf(v), bucketMs });
    }
  }
}

const copyOf = (values: ArrayLike<number>, start = 0): Float64Array<ArrayBuffer> =>
  values instanceof Float64Array ? values.slice(start) : Float64Array.from(Array.prototype.slice.call(values, start));

/** Returns the start and step of exactly regular times; null for others, most of which differ in their first few. */
function stepOf(t: ArrayLike<number>): { t0: number; dt: number } | null {
  const [t0, next] = [t[0], t[1]];
  if (t0 === undefined || next === undefined || !(next > t0)) return null;
  const dt = next - t0;
  for (let i = 2; i < t.length; i++) if (t[i] !== t0 + i * dt) return null;
  return { t0, dt };
}
