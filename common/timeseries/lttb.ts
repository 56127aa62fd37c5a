/**
 * Largest-Triangle-Three-Buckets: picks points that preserve the shape of a line. The first and last stay; the rest is divided into buckets
 * of equal count, and each contributes the point with the largest triangle with the previously picked point and the mean of the next
 * bucket.
 * @param t ascending times
 * @param v values of the same length, finite
 * @param max how many points to keep, at least 1
 * @returns indices into `t`, ascending: all of them when there are no more than `max`
 */
export function lttb(t: ArrayLike<number>, v: ArrayLike<number>, max: number): number[] {
  const n = t.length;
  if (n <= max) return Array.from({ length: n }, (_, index) => index);
  if (max < 2) return [n - 1];
  const picked = [0];
  const width = (n - 2) / (max - 2);
  let last = 0;
  for (let bucket = 0; bucket < max - 2; bucket += 1) {
    const from = bucketStart(bucket, width);
    const to = bucketStart(bucket + 1, width);
    const nextTo = bucket === max - 3 ? n : bucketStart(bucket + 2, width);
    last = largest(t, v, last, from, to, meanOf(t, v, to, nextTo));
    picked.push(last);
  }
  picked.push(n - 1);
  return picked;
}

const bucketStart = (bucket: number, width: number) => Math.floor(bucket * width) + 1;

function meanOf(t: ArrayLike<number>, v: ArrayLike<number>, from: number, to: number): { t: number; v: number } {
  // Summed relative to the first time, because sums of epoch milliseconds would lose precision.
  const origin = at(t, from);
  let sumT = 0;
  let sumV = 0;
  for (let index = from; index < to; index += 1) {
    sumT += at(t, index) - origin;
    sumV += at(v, index);
  }
  return { t: origin + sumT / (to - from), v: sumV / (to - from) };
}

function largest(
  t: ArrayLike<number>,
  v: ArrayLike<number>,
  before: number,
  from: number,
  to: number,
  next: { t: number; v: number },
): number {
  const [t0, v0] = [at(t, before), at(v, before)];
  let best = from;
  let bestArea = -1;
  for (let index = from; index < to; index += 1) {
    const area = Math.abs((t0 - next.t) * (at(v, index) - v0) - (t0 - at(t, index)) * (next.v - v0));
    if (area > bestArea) {
      bestArea = area;
      best = index;
    }
  }
  return best;
}

const at = (column: ArrayLike<number>, index: number) => column[index] ?? 0;
