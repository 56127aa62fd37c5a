/**
 * Least and greatest value of any index range in O(log n). Level 0 holds the extremes of blocks of 32 values, each level above
 * those of 4 entries below; together about a twelfth of the values' own size. NaN counts as absent.
 *
 * It grows by appending: only the last entry of each level is touched again.
 */
export const blockSize = 32;
const fanOut = 4;

export interface Extremes {
  /** Infinity when the range has no number. */
  min: number;
  /** −Infinity when the range has no number. */
  max: number;
}

interface Level {
  min: Float64Array;
  max: Float64Array;
  length: number;
}

export class Pyramid {
  #values: Float64Array | Float32Array;
  #length = 0;
  readonly #levels: Level[] = [];

  /** Keeps `values` by reference. */
  constructor(values: Float64Array | Float32Array, length = values.length) {
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

  /** Takes in values appended to the same column, which may have moved to a larger array. O(new values). */
  extend(values: Float64Array | Float32Array, length: number): void {
    this.#values = values;
    let from = Math.floor(this.#length / blockSize);
    this.#length = length;
    let entries = Math.ceil(length / blockSize);
    for (let depth = 0; entries > 0; depth++) {
      const level = this.#room(depth, entries);
      for (let i = from; i < entries; i++) {
        const { min, max } = depth === 0 ? this.#scan(i * blockSize, Math.min(length, (i + 1) * blockSize)) : this.#fold(depth - 1, i);
        level.min[i] = min;
        level.max[i] = max;
      }
      level.length = entries;
      if (entries === 1) break;
      from = Math.floor(from / fanOut);
      entries = Math.ceil(entries / fanOut);
    }
  }

  /** Extremes of the values at indices [from, to). */
  range(from: number, to: number): Extremes {
    let min = Infinity;
    let max = -Infinity;
    const take = (other: Extremes) => {
      if (other.min < min) min = other.min;
      if (other.max > max) max = other.max;
    };
    let left = Math.ceil(from / blockSize);
    let right = Math.floor(to / blockSize);
    if (left >= right) return this.#scan(from, to);
    if (from < left * blockSize) take(this.#scan(from, left * blockSize));
    if (right * blockSize < to) take(this.#scan(right * blockSize, to));
    for (let depth = 0; left < right; depth++) {
      const level = this.#levels[depth] as Level;
      const isTop = depth === this.#levels.length - 1;
      while (left < right && (isTop || left % fanOut !== 0)) {
        const low = level.min[left] as number;
        const high = level.max[left] as number;
        if (low < min) min = low;
        if (high > max) max = high;
        left += 1;
      }
      while (left < right && right % fanOut !== 0) {
        right -= 1;
        const low = level.min[right] as number;
        const high = level.max[right] as number;
        if (low < min) min = low;
        if (high > max) max = high;
      }
      left /= fanOut;
      right /= fanOut;
    }
    return { min, max };
  }

  #room(depth: number, entries: number): Level {
    const level = this.#levels[depth];
    if (level && level.min.length >= entries) return level;
    const capacity = level ? Math.max(entries, level.min.length * 2) : entries;
    const grown: Level = { min: new Float64Array(capacity), max: new Float64Array(capacity), length: level?.length ?? 0 };
    if (level) {
      grown.min.set(level.min);
      grown.max.set(level.max);
    }
    this.#levels[depth] = grown;
    return grown;
  }

  #scan(from: number, to: number): Extremes {
    const values = this.#values;
    let min = Infinity;
    let max = -Infinity;
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return { min, max };
  }

  #fold(depth: number, entry: number): Extremes {
    const below = this.#levels[depth] as Level;
    let min = Infinity;
    let max = -Infinity;
    for (let i = entry * fanOut; i < Math.min(below.length, (entry + 1) * fanOut); i++) {
      const low = below.min[i] as number;
      const high = below.max[i] as number;
      if (low < min) min = low;
      if (high > max) max = high;
    }
    return { min, max };
  }
}
