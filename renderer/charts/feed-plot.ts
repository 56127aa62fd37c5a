import type { Plot } from './engine/index.ts';
import type { ChartSeries } from './types.ts';

interface Given {
  t: ArrayLike<number>;
  v: ArrayLike<number>;
  bucketMs: number;
}

/** True when `next` begins with all points of `before` but the last, which may have been filling still. */
function continues(before: Given, next: Given): boolean {
  const shared = before.t.length - 1;
  if (shared < 1 || next.t.length < before.t.length || before.bucketMs !== next.bucketMs || next.t[shared] !== before.t[shared])
    return false;
  for (let i = 0; i < shared; i++) {
    if (next.t[i] !== before.t[i] || (next.v[i] !== before.v[i] && !Number.isNaN(next.v[i]))) return false;
  }
  return true;
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
    const ids = new Set(series.map(({ id }) => id));
    for (const id of this.#given.keys()) {
      if (ids.has(id)) continue;
      this.#given.delete(id);
      this.#plot.drop(id);
    }
    for (const { id, t, v } of series) {
      const before = this.#given.get(id);
      const next = { t, v, bucketMs };
      if (before && before.t === t && before.v === v && before.bucketMs === bucketMs) continue;
      this.#given.set(id, next);
      if (before && continues(before, next)) {
        const start = before.t.length - 1;
        this.#plot.append(id, Float64Array.from(tail(t, start)), Float64Array.from(tail(v, start)));
      } else this.#plot.put(id, { times: Float64Array.from(t), values: Float64Array.from(v), bucketMs });
    }
  }
}

function tail(values: ArrayLike<number>, start: number): ArrayLike<number> {
  return values instanceof Float64Array ? values.subarray(start) : Array.prototype.slice.call(values, start);
}
