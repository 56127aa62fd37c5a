import { firstAtOrAfter } from '#common/timeseries/m4.ts';
import { percentile } from '#common/timeseries/percentile.ts';
import type { Points } from '#common/timeseries/points.ts';
import type { Grid } from './grid.ts';

/** Collects the values of one bucket at a time, added in order of time, and emits a percentile of each bucket. */
export class Percentiles {
  readonly #grid: Grid;
  readonly #percent: number;
  readonly #emit: (start: number, value: number) => void;
  #values = new Float64Array(1_024);
  #length = 0;
  #start = 0;
  #end = -Infinity;

  constructor(grid: Grid, percent: number, emit: (start: number, value: number) => void) {
    this.#grid = grid;
    this.#percent = percent;
    this.#emit = emit;
  }

  add({ t, v }: Points): void {
    for (let at = 0; at < t.length; ) {
      const time = t[at] as number;
      if (time >= this.#end) {
        this.finish();
        this.#start = this.#grid.start(time);
        this.#end = this.#grid.end(this.#start);
      }
      const end = firstAtOrAfter({ t }, t.length, this.#end);
      this.#room(end - at);
      this.#values.set(v.subarray(at, end), this.#length);
      this.#length += end - at;
      at = end;
    }
  }

  /** Emits the last bucket. */
  finish(): void {
    if (this.#length > 0) this.#emit(this.#start, percentile(this.#values.subarray(0, this.#length), this.#percent));
    this.#length = 0;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#values.length) return;
    const grown = new Float64Array(Math.max(this.#length + more, this.#values.length * 2));
    grown.set(this.#values.subarray(0, this.#length));
    this.#values = grown;
  }
}
