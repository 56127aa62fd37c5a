/**
 * Least and greatest value of any index range in O(log n). Level 0 holds the extremes of blocks of 32 values, each level above
 * those of 4 entries below, in the values' own precision; together about a twelfth of the values' own size. What is not a finite number
 * counts as absent.
 *
 * It grows by appending: only the last entry of each level is touched again.
 */
export const blockSize = 32;
const fanOut = 4;

export type Values = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

export interface Extremes {
  /** Infinity when the range has no number. */
  min: number;
  /** −Infinity when the range has no number. */
  max: number;
}

interface Level {
  min: Values;
  max: Values;
  length: number;
}

export class Pyramid {
  #values: Values;
  #length = 0;
  readonly #levels: Level[] = [];

  /** Keeps `values` by reference. */
  constructor(values: Values, length = values.length) {
    this.#values = values;
    this.extend(values, length);
  }

  /** Number of values covered. */
  get length(): number {
    return this.#length;
  }

  /** Bytes held beyond the values themselves. */
  get bytes(): number {
    return this.#levels.reduce((sum, level) => sum + level.min.byteLength + level.max.byteLength, 0);
  }

  /**
   * Takes in values appended to the same column, which may have moved to a larger array of the same type. O(new values).
   * @param changedFrom index of the first value that is not what it was; the old end when nothing was overwritten
   */
  extend(values: Values, length: number, changedFrom = this.#length): void {
    this.#values = values;
    let from = Math.floor(Math.min(changedFrom, this.#length) / blockSize);
    this.#length = length;
    let entries = Math.ceil(length / blockSize);
    for (let depth = 0; entries > 0; depth++) {
      const level = this.#room(depth, entries);
      if (depth === 0) this.#scanInto(level, from, entries);
      else this.#foldInto(level, this.#levels[depth - 1] as Level, from, entries);
      level.length = entries;
      if (entries === 1) break;
      from = Math.floor(from / fanOut);
      entries = Math.ceil(entries / fanOut);
    }
  }

  /** Extremes of the values at indices [from, to). Written into `out` where one is given, so that a frame allocates nothing. */
  range(from: number, to: number, out: Extremes = { min: 0, max: 0 }): Extremes {
    let left = Math.ceil(from / blockSize);
    let right = Math.floor(to / blockSize);
    out.min = Infinity;
    out.max = -Infinity;
    if (left >= right) {
      this.#scan(from, to, out);
      return out;
    }
    if (from < left * blockSize) this.#scan(from, left * blockSize, out);
    if (right * blockSize < to) this.#scan(right * blockSize, to, out);
    let { min, max } = out;
    const top = this.#levels.length - 1;
    for (let depth = 0; left < right; depth++) {
      const level = this.#levels[depth] as Level;
      const lows = level.min;
      const highs = level.max;
      while (left < right && (depth === top || left % fanOut !== 0)) {
        const low = lows[left] as number;
        const high = highs[left] as number;
        if (low < min) min = low;
        if (high > max) max = high;
        left += 1;
      }
      while (left < right && right % fanOut !== 0) {
        right -= 1;
        const low = lows[right] as number;
        const high = highs[right] as number;
        if (low < min) min = low;
        if (high > max) max = high;
      }
      left /= fanOut;
      right /= fanOut;
    }
    out.min = min;
    out.max = max;
    return out;
  }

  #room(depth: number, entries: number): Level {
    const level = this.#levels[depth];
    if (level && level.min.length >= entries && level.min.BYTES_PER_ELEMENT === this.#values.BYTES_PER_ELEMENT) return level;
    const capacity = level ? Math.max(entries, Math.ceil(level.min.length * 1.25)) : entries;
    const make = this.#values instanceof Float32Array ? () => new Float32Array(capacity) : () => new Float64Array(capacity);
    const grown: Level = { min: make(), max: make(), length: level?.length ?? 0 };
    if (level) {
      grown.min.set(level.min);
      grown.max.set(level.max);
    }
    this.#levels[depth] = grown;
    return grown;
  }

  #scan(from: number, to: number, out: Extremes): void {
    const values = this.#values;
    let { min, max } = out;
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      if (value < min && value !== -Infinity) min = value;
      if (value > max && value !== Infinity) max = value;
    }
    out.min = min;
    out.max = max;
  }

  #scanInto(level: Level, from: number, to: number): void {
    const values = this.#values;
    const length = this.#length;
    for (let entry = from; entry < to; entry++) {
      let min = Infinity;
      let max = -Infinity;
      const end = Math.min(length, (entry + 1) * blockSize);
      for (let i = entry * blockSize; i < end; i++) {
        const value = values[i] as number;
        if (value < min && value !== -Infinity) min = value;
        if (value > max && value !== Infinity) max = value;
      }
      level.min[entry] = min;
      level.max[entry] = max;
    }
  }

  #foldInto(level: Level, below: Level, from: number, to: number): void {
    for (let entry = from; entry < to; entry++) {
      let min = Infinity;
      let max = -Infinity;
      const end = Math.min(below.length, (entry + 1) * fanOut);
      for (let i = entry * fanOut; i < end; i++) {
        const low = below.min[i] as number;
        const high = below.max[i] as number;
        if (low < min) min = low;
        if (high > max) max = high;
      }
      level.min[entry] = min;
      level.max[entry] = max;
    }
  }
}
