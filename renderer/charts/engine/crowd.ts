import type { Column } from './column.ts';
import type { Projection } from './scale.ts';

/**
 * Collects which rows of one pixel column are covered by a very large number of short line pieces. Reading their points once costs less
 * than computing the extremes of each piece, and rows that pieces share are emitted once.
 */
export class Crowd {
  #rows = 0;
  /** Per row: the number of pieces that start to cover whole rows here, minus those that end here. */
  #whole = new Int32Array(0);
  /** Per row: where the ends of pieces touch it, from and to. */
  #low = new Float64Array(0);
  #high = new Float64Array(0);

  /**
   * Adds all pieces that begin at `from` or later and end before `last`.
   * @returns the start of the piece that continues
   */
  gather(column: Column, from: number, last: number, { a, top: highest }: Projection, rows: number): number {
    this.#empty(rows);
    let begin = from;
    let min = Infinity;
    let max = -Infinity;
    for (let i = from; i <= last; i++) {
      if (i > begin && column.breaksBefore(i)) {
        if (min <= max) this.#cover(Math.fround(a * (highest - max)), Math.fround(a * (highest - min)));
        begin = i;
        min = Infinity;
        max = -Infinity;
      }
      const value = column.valueAt(i);
      if (value < min && value !== -Infinity) min = value;
      if (value > max && value !== Infinity) max = value;
    }
    return begin;
  }

  /** Emits the covered intervals of rows, top to bottom. */
  emit(onRows: (top: number, bottom: number) => void): void {
    let whole = 0;
    let top = NaN;
    let bottom = NaN;
    for (let row = 0; row < this.#rows; row++) {
      whole += this.#whole[row] as number;
      const low = whole > 0 ? row : (this.#low[row] as number);
      const high = whole > 0 ? row + 1 : (this.#high[row] as number);
      if (low > high) continue;
      // A piece without height covers the row it is on; joined to the interval above it, it would not.
      if (low > bottom || high === low || Number.isNaN(top)) {
        if (!Number.isNaN(top)) onRows(top, bottom);
        top = low;
      }
      bottom = high;
    }
    if (!Number.isNaN(top)) onRows(top, bottom);
  }

  #empty(rows: number): void {
    if (this.#rows !== rows) {
      this.#rows = rows;
      this.#whole = new Int32Array(rows + 1);
      this.#low = new Float64Array(rows);
      this.#high = new Float64Array(rows);
    }
    this.#whole.fill(0);
    this.#low.fill(Infinity);
    this.#high.fill(-Infinity);
  }

  #cover(top: number, bottom: number): void {
    if (bottom < 0 || top >= this.#rows) return;
    const from = Math.max(0, top);
    const to = Math.min(this.#rows, bottom);
    const first = Math.floor(from);
    const last = Math.min(this.#rows - 1, Math.max(first, Math.ceil(to) - 1));
    this.#touch(first, from, Math.min(first + 1, to));
    if (last === first) return;
    this.#touch(last, last, to);
    this.#whole[first + 1] = (this.#whole[first + 1] as number) + 1;
    this.#whole[last] = (this.#whole[last] as number) - 1;
  }

  #touch(row: number, low: number, high: number): void {
    if (low < (this.#low[row] as number)) this.#low[row] = low;
    if (high > (this.#high[row] as number)) this.#high[row] = high;
  }
}
