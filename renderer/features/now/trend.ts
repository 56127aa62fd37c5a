/** Length of the interval that stands for "an hour ago", ms. It is averaged, so that an outlier has little effect. */
const beforeMs = 5 * 60_000;

/** Returns the newest value, and the mean at the start of the range to compare it with; null if there are none. */
export function trendOf(
  { t, v }: { t: readonly number[] | Float64Array; v: readonly number[] | Float64Array },
  from: number,
): { last: number | null; lastAt: number | null; before: number | null } {
  let sum = 0;
  let count = 0;
  for (let place = 0; place < t.length && (t[place] ?? 0) < from + beforeMs; place++) {
    sum += v[place] ?? 0;
    count += 1;
  }
  return { last: v.at(-1) ?? null, lastAt: t.at(-1) ?? null, before: count === 0 ? null : sum / count };
}
