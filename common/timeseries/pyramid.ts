/**
 * Finds the least and greatest value of any index range in O(log n). Level 0 has the extremes of blocks of 32 values, each level above
 * those of 4 entries below, in the values' own precision; together about a twelfth of the values' size. Values that are not finite count as
 * absent.
 *
 * It grows by appending: only the last entry of each level is changed.
 */
const blockSize = 32;
const fanOut = 4;
/** Binary logarithms of the block size and of the fan-out. */
const blockBits = 5;
const fanBits = 2;
/** A range is read from the highest level of which it includes at least this many whole entries. */
const minEntries = 8;

export type Values = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

export interface Extremes {
  /** Infinity when the range has no finite value. */
  min: number;
  /** −Infinity when the range has no finite value. */
  max: number;
}

/** Least and greatest of each entry next to each other, so that one memory access fetches both. */
interface Level {
  ends: Values;
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
    return this.#levels.reduce((sum, level) => sum + level.ends.byteLength, 0);
  }

  /**
   * Adds values appended to the same column, which may have moved to a larger array of the same type. O(new values).
   * @param changedFrom index of the first changed value; the old end when nothing was overwritten
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

  /**
   * Finds the extremes of the values at indices [from, to). Writes them to `out` if given, so that drawing a frame allocates nothing.
   *
   * Reads whole entries of the highest possible level first. The rest at either end is read level by level, and only if its extremes exceed
   * those known so far, which is rare: most of a chart is drawn without reading a single value.
   */
  range(from: number, to: number, out: Extremes = { min: 0, max: 0 }): Extremes {
    out.min = Infinity;
    out.max = -Infinity;
    if (from >= to) return out;
    let depth = 0;
    // Entries of a level are powers of two wide: shifts keep all of this in whole numbers, which is much of its speed.
    let shift = blockBits;
    const top = this.#levels.length - 1;
    while (depth < top && (to - from) >> (shift + fanBits) >= minEntries) {
      depth += 1;
      shift += fanBits;
    }
    const left = (from + (1 << shift) - 1) >> shift;
    const right = to >> shift;
    if (left > right) {
      this.#scan(from, to, out);
      return out;
    }
    this.#take(depth, left, right, out);
    if (from < left << shift) this.#takeEnd(depth, from, out);
    if (right << shift < to) this.#takeStart(depth, to, out);
    return out;
  }

  /** Includes the values from `from` to the end of its entry. */
  #takeEnd(depth: number, from: number, out: Extremes): void {
    let shift = blockBits + fanBits * depth;
    for (let level = depth; ; level--) {
      const entry = from >> shift;
      if (!this.#mayAdd(level, entry, out)) return;
      const end = (entry + 1) << shift;
      if (level === 0) {
        this.#scan(from, end, out);
        return;
      }
      shift -= fanBits;
      const next = (from + (1 << shift) - 1) >> shift;
      this.#take(level - 1, next, end >> shift, out);
      if (next << shift === from) return;
    }
  }

  /** Includes the values from the start of an entry to `to`. */
  #takeStart(depth: number, to: number, out: Extremes): void {
    let shift = blockBits + fanBits * depth;
    for (let level = depth; ; level--) {
      const entry = to >> shift;
      if (!this.#mayAdd(level, entry, out)) return;
      const start = entry << shift;
      if (level === 0) {
        this.#scan(start, to, out);
        return;
      }
      shift -= fanBits;
      const next = to >> shift;
      this.#take(level - 1, start >> shift, next, out);
      if (next << shift === to) return;
    }
  }

  /** Returns whether an entry has an extreme beyond the known ones. */
  #mayAdd(depth: number, entry: number, { min, max }: Extremes): boolean {
    const { ends } = this.#levels[depth] as Level;
    return (ends[2 * entry] as number) < min || (ends[2 * entry + 1] as number) > max;
  }

  #take(depth: number, from: number, to: number, out: Extremes): void {
    const { ends } = this.#levels[depth] as Level;
    let { min, max } = out;
    for (let at = 2 * from; at < 2 * to; at += 2) {
      const low = ends[at] as number;
      const high = ends[at + 1] as number;
      if (low < min) min = low;
      if (high > max) max = high;
    }
    out.min = min;
    out.max = max;
  }

  #room(depth: number, entries: number): Level {
    const level = this.#levels[depth];
    if (level && level.ends.length >= 2 * entries && level.ends.BYTES_PER_ELEMENT === this.#values.BYTES_PER_ELEMENT) return level;
    const capacity = 2 * (level ? Math.max(entries, Math.ceil((level.ends.length / 2) * 1.25)) : entries);
    const ends = this.#values instanceof Float32Array ? new Float32Array(capacity) : new Float64Array(capacity);
    if (level) ends.set(level.ends);
    const grown: Level = { ends, length: level?.length ?? 0 };
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
      level.ends[2 * entry] = min;
      level.ends[2 * entry + 1] = max;
    }
  }

  #foldInto(level: Level, below: Level, from: number, to: number): void {
    for (let entry = from; entry < to; entry++) {
      let min = Infinity;
      let max = -Infinity;
      const end = 2 * Math.min(below.length, (entry + 1) * fanOut);
      for (let i = 2 * entry * fanOut; i < end; i += 2) {
        const low = below.ends[i] as number;
        const high = below.ends[i + 1] as number;
        if (low < min) min = low;
        if (high > max) max = high;
      }
      level.ends[2 * entry] = min;
      level.ends[2 * entry + 1] = max;
    }
  }
}
