/**
 * Returns the value below which `percent` of the values are, with linear interpolation between the two nearest (`percentile_cont` in SQL).
 * Reorders `values`, which must be numbers and at least one. O(n) on average.
 * @param percent whole, 0 to 100
 */
export function percentile(values: Float64Array, percent: number): number {
  // Computed with integers, so that a percentile that falls on a value is exactly that value.
  const place = percent * (values.length - 1);
  return valueAt(values, Math.floor(place / 100), (place % 100) / 100);
}

/** The same for any share of the values, 0 to 1. */
export function quantile(values: Float64Array, share: number): number {
  const place = share * (values.length - 1);
  return valueAt(values, Math.floor(place), place % 1);
}

/** Returns the value at `index` in sorted order, or between it and the next. */
function valueAt(values: Float64Array, index: number, fraction: number): number {
  const low = select(values, index);
  if (fraction === 0) return low;
  let high = Infinity;
  for (let i = index + 1; i < values.length; i++) if ((values[i] as number) < high) high = values[i] as number;
  return between(low, high, fraction);
}

/** Interpolates between `low` and `high`. */
export function between(low: number, high: number, fraction: number): number {
  return low + (high - low) * fraction;
}

/** Moves the value that belongs at `index` in sorted order there, smaller ones before it, greater ones after (Hoare's quickselect). */
function select(values: Float64Array, index: number): number {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const a = values[left] as number;
    const b = values[(left + right) >>> 1] as number;
    const c = values[right] as number;
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let i = left;
    let j = right;
    while (i <= j) {
      while ((values[i] as number) < pivot) i += 1;
      while ((values[j] as number) > pivot) j -= 1;
      if (i > j) break;
      const swapped = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = swapped;
    }
    if (index <= j) right = j;
    else if (index >= i) left = i;
    else break;
  }
  return values[index] as number;
}
