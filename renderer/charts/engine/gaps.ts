/** A step this many times the usual one counts as a gap. */
const gapFactor = 2.5;
const neighbours = 8;

/** True if the median of the steps that end at points [from, to) is at least `least`. Avoids sorting them. */
function medianReaches(t: ArrayLike<number>, from: number, to: number, least: number): boolean {
  const start = Math.max(1, from);
  const count = to - start;
  if (count <= 0) return least <= 0;
  // The lower median is at (count − 1) >> 1, so this many steps are at or above it.
  const needed = count - ((count - 1) >> 1);
  let reached = 0;
  for (let i = start; i < to; i++) {
    if ((t[i] as number) - (t[i - 1] as number) >= least && ++reached >= needed) return true;
  }
  return false;
}

/**
 * True if the line must break between points `i - 1` and `i`: the step is longer than 2.5 buckets and than 2.5 times the usual step on
 * either side. A source that changes its rate (history at 10 s, live at 2 s) has no gap there.
 */
export function isGap(t: ArrayLike<number>, i: number, bucketMs: number, length = t.length): boolean {
  const step = (t[i] as number) - (t[i - 1] as number);
  if (step <= gapFactor * bucketMs) return false;
  const usual = step / gapFactor;
  const knowsAny = bucketMs > 0 || i > 1 || i + 1 < length;
  return (
    knowsAny &&
    step > 0 &&
    !medianReaches(t, i - neighbours, i, usual) &&
    !medianReaches(t, i + 1, Math.min(length, i + 1 + neighbours), usual)
  );
}
