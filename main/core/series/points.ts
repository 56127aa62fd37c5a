/** Points of one line in columns of equal length, times ascending, epoch ms. */
export interface Points {
  t: readonly number[];
  v: readonly number[];
}

/** Float64 columns as bytes, the form they are stored in. */
export function toBytes(column: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(column).buffer);
}

export function fromBytes(bytes: Uint8Array): number[] {
  // Bytes from the database need not lie where float64 may be read from.
  return [...new Float64Array(bytes.slice().buffer)];
}

/** The index of the first time that is not before `at`. */
export function lowerBound(t: readonly number[], at: number): number {
  let [low, high] = [0, t.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((t[middle] ?? Number.POSITIVE_INFINITY) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The points with `from <= t < to`. */
export function within({ t, v }: Points, from: number, to: number): Points {
  const [first, end] = [lowerBound(t, from), lowerBound(t, to)];
  return { t: t.slice(first, end), v: v.slice(first, end) };
}

/** `points` with everything in `[from, to)` replaced by `fresh`, which lies in there. */
export function replaceRange(points: Points, fresh: Points, from: number, to: number): Points {
  const [first, end] = [lowerBound(points.t, from), lowerBound(points.t, to)];
  return {
    t: [...points.t.slice(0, first), ...fresh.t, ...points.t.slice(end)],
    v: [...points.v.slice(0, first), ...fresh.v, ...points.v.slice(end)],
  };
}
