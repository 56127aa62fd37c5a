import type { PlotPoints } from '#renderer/charts/plot/points.ts';

/** A silence of this many usual steps is more than a late point. */
const gapFactor = 2.5;
/** Number of recent steps that the usual step is computed from. */
const recent = 16;
/** Minimum silence before a series counts as stale, ms, since points take a while to arrive. */
const minSilenceMs = 15_000;

/** Returns the time of a line's newest number, ms; null if it has none. */
function lastTimeOf({ t, v }: PlotPoints): number | null {
  for (let i = v.length - 1; i >= 0; i--) if (Number.isFinite(v[i])) return t[i] ?? null;
  return null;
}

/** Returns the usual distance of a line's last points, ms: their median. */
function intervalOf({ t, v }: PlotPoints): number {
  const steps: number[] = [];
  let next: number | undefined;
  for (let i = t.length - 1; i >= 0 && steps.length < recent; i--) {
    if (!Number.isFinite(v[i])) continue;
    const at = t[i] ?? 0;
    if (next !== undefined) steps.push(next - at);
    next = at;
  }
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
}

/**
 * Returns when a line fell silent for longer than its own interval explains, ms; null while it is current, or if it has no value.
 * @param end when the picture ends: now, or the end of a range in the past
 */
export function staleSince(line: PlotPoints, bucketMs: number, end: number): number | null {
  const lastAt = lastTimeOf(line);
  if (lastAt === null) return null;
  // The last bucket may have been filling until its end.
  const silence = end - lastAt - bucketMs;
  return silence > Math.max(minSilenceMs, gapFactor * Math.max(bucketMs, intervalOf(line))) ? lastAt : null;
}
