/** A half-open range of time, epoch ms: it includes `from` but not `to`. */
export interface Interval {
  from: number;
  to: number;
}

/** Sorted, disjoint, non-empty intervals: the form that every function here accepts and returns. */
export type Coverage = readonly Interval[];

/** Converts any intervals to a `Coverage`; touching ones are merged. */
export function normalise(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  const out: Interval[] = [];
  for (const next of sorted) {
    const last = out.at(-1);
    if (last !== undefined && next.from <= last.to) last.to = Math.max(last.to, next.to);
    else out.push({ ...next });
  }
  return out;
}

/** Returns all time in `a` or `b`. */
export function union(a: Coverage, b: Coverage): Interval[] {
  return normalise([...a, ...b]);
}

/** Returns all time in `a` that is not in `b`. */
export function subtract(a: Coverage, b: Coverage): Interval[] {
  const out: Interval[] = [];
  let start = 0;
  for (const { from, to } of a) {
    let at = from;
    while ((b[start]?.to ?? Number.POSITIVE_INFINITY) <= from) start++;
    for (let i = start; at < to; i++) {
      const hole = b[i];
      if (hole === undefined || hole.from >= to) break;
      if (hole.from > at) out.push({ from: at, to: hole.from });
      at = Math.max(at, hole.to);
    }
    if (at < to) out.push({ from: at, to });
  }
  return out;
}

/** Returns all time in both `a` and `b`. */
export function intersect(a: Coverage, b: Coverage): Interval[] {
  return subtract(a, subtract(a, b));
}

/** Widens an interval to whole buckets aligned to the epoch. A `bucketMs` of 0 (points as stored) leaves it as it is. */
export function alignToBuckets({ from, to }: Interval, bucketMs: number): Interval {
  if (bucketMs === 0) return { from, to };
  return { from: Math.floor(from / bucketMs) * bucketMs, to: Math.ceil(to / bucketMs) * bucketMs };
}

/** Merges the closest neighbours until at most `max` intervals are left, so that a query stays small. */
export function coalesce(coverage: Coverage, max: number): Interval[] {
  const out = coverage.map((part) => ({ ...part }));
  while (out.length > Math.max(1, max)) {
    let closest = 0;
    let gap = Number.POSITIVE_INFINITY;
    for (let i = 0; i + 1 < out.length; i++) {
      const width = (out[i + 1]?.from ?? 0) - (out[i]?.to ?? 0);
      if (width < gap) [closest, gap] = [i, width];
    }
    const [left, right] = out.slice(closest, closest + 2);
    if (left === undefined || right === undefined) break;
    out.splice(closest, 2, { from: left.from, to: right.to });
  }
  return out;
}
