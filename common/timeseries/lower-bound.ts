/** Returns the index of the first time at or after `at`, of times in ascending order; their number if there is none. */
export function lowerBound(t: ArrayLike<number>, at: number, first = 0): number {
  let low = first;
  let high = t.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((t[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
