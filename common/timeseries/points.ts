/**
 * Points of one series, times ascending and distinct (epoch ms). A metric only has `v`. A series of records also has `record` with count,
 * minimum, maximum and sum, and `v` is the average; `record` is absent if it adds nothing (every count 1, every extreme and sum equal to
 * `v`).
 */
export interface Points {
  t: Float64Array;
  v: Float64Array;
  record?: RecordColumns;
}

export interface RecordColumns {
  count: Float64Array;
  min: Float64Array;
  max: Float64Array;
  sum: Float64Array;
}

export const noPoints: Points = { t: new Float64Array(0), v: new Float64Array(0) };

/** Returns the record columns, computing them if they are absent. */
export function recordOf(points: Points): RecordColumns {
  return points.record ?? { count: new Float64Array(points.t.length).fill(1), min: points.v, max: points.v, sum: points.v };
}

/** Applies an operation to every column. */
function mapColumns(points: Points, change: (column: Float64Array) => Float64Array): Points {
  const changed: Points = { t: change(points.t), v: change(points.v) };
  if (points.record) {
    const { count, min, max, sum } = points.record;
    changed.record = { count: change(count), min: change(min), max: change(max), sum: change(sum) };
  }
  return changed;
}

/** Returns the points at [from, to), sharing memory. */
export function slicePoints(points: Points, from: number, to: number): Points {
  return from === 0 && to === points.t.length ? points : mapColumns(points, (column) => column.subarray(from, to));
}

/** Concatenates points. */
export function concatPoints(parts: readonly Points[]): Points {
  const only = parts[0] ?? noPoints;
  if (parts.length <= 1) return only;
  const length = parts.reduce((sum, part) => sum + part.t.length, 0);
  const join = (column: (points: Points) => Float64Array) => {
    const out = new Float64Array(length);
    let at = 0;
    for (const part of parts) {
      out.set(column(part), at);
      at += part.t.length;
    }
    return out;
  };
  const all: Points = { t: join(({ t }) => t), v: join(({ v }) => v) };
  if (parts.some((part) => part.record)) {
    const records = new Map(parts.map((part) => [part, recordOf(part)]));
    const column = (name: keyof RecordColumns) => join((part) => (records.get(part) as RecordColumns)[name]);
    all.record = { count: column('count'), min: column('min'), max: column('max'), sum: column('sum') };
  }
  return all;
}

/** Returns whether each time is greater than the previous one. False if one of several is NaN. */
export function isAscending(t: Float64Array): boolean {
  for (let i = 1; i < t.length; i++) if (!((t[i] as number) > (t[i - 1] as number))) return false;
  return true;
}

/**
 * Sorts points by time and keeps the last of those with equal times. Returns the same object if it is already sorted. O(n log n) at worst.
 */
export function sortPoints(points: Points): Points {
  const { t } = points;
  if (isAscending(t)) return points;
  const order = new Uint32Array(t.length).map((_, i) => i).sort((a, b) => (t[a] as number) - (t[b] as number) || a - b);
  let n = 0;
  for (let i = 0; i < order.length; i++) {
    const isLast = i + 1 === order.length || t[order[i] as number] !== t[order[i + 1] as number];
    if (isLast) order[n++] = order[i] as number;
  }
  return mapColumns(points, (column) => {
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) out[i] = column[order[i] as number] as number;
    return out;
  });
}

/** Merges points: if both have a time, the point of `later` is kept (last write wins). */
export function mergePoints(earlier: Points, later: Points): Points {
  const a = earlier.t.length;
  const b = later.t.length;
  if (a === 0) return later;
  if (b === 0) return earlier;
  if ((earlier.t[a - 1] as number) < (later.t[0] as number)) return concatPoints([earlier, later]);
  if ((later.t[b - 1] as number) < (earlier.t[0] as number)) return concatPoints([later, earlier]);
  return sortPoints(concatPoints([earlier, later]));
}
