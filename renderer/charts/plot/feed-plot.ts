import type { Plot } from '#renderer/charts/engine/index.ts';
import { plottedOf } from './extremes.ts';
import { lowerBound } from './points.ts';
import type { ChartSeries } from './types.ts';

interface Given {
  t: ArrayLike<number>;
  v: ArrayLike<number>;
  bucketMs: number;
}

/**
 * From which index on `next` is new where it goes on from `before`: the same points, of which the oldest may have left, and the last of which may
 * still have been filling. −1 where it is another line.
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

/** Hands a plot what changed of its lines: whole lines, or only the new end of one that went on. */
export class PlotFeed {
  readonly #plot: Plot;
  readonly #given = new Map<string, Given>();
  #last: { series: readonly ChartSeries[]; bucketMs: number } = { series: [], bucketMs: 0 };

  constructor(plot: Plot) {
    this.#plot = plot;
  }

  /** The plot has lost everything: gives it all once more. */
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
      // What is handed over is gone here, and a table or a readout beside the chart wants it too: copied once, times only where they need be.
      if (start >= 0) this.#plot.append(id, copyOf(t, start), copyOf(v, start), t[0]);
      else this.#plot.put(id, { times: stepOf(t) ?? copyOf(t), values: copyOf(v), bucketMs });
    }
  }
}

const copyOf = (values: ArrayLike<number>, start = 0): Float64Array<ArrayBuffer> =>
  values instanceof Float64Array ? values.slice(start) : Float64Array.from(Array.prototype.slice.call(values, start));

/** Start and step of times that are exactly regular; null for others, most of which show it by their first few. */
function stepOf(t: ArrayLike<number>): { t0: number; dt: number } | null {
  const [t0, next] = [t[0], t[1]];
  if (t0 === undefined || next === undefined || !(next > t0)) return null;
  const dt = next - t0;
  for (let i = 2; i < t.length; i++) if (t[i] !== t0 + i * dt) return null;
  return { t0, dt };
}
