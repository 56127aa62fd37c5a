import type { PlotPoints } from './points.ts';
import type { ChartSeries } from './types.ts';

/** Ids of the edges of a line's band, minimum and maximum, in a plot. */
export const edgeIds = (id: string): [least: string, greatest: string] => [`${id} least`, `${id} greatest`];

/** Returns every line a plot draws: each series, and the edges of its band. */
export function plottedOf(series: readonly ChartSeries[]): ({ id: string } & PlotPoints)[] {
  return series.flatMap(({ id, t, v, extremes }) => {
    const [least, greatest] = edgeIds(id);
    return extremes
      ? [
          { id: least, ...extremes.least },
          { id: greatest, ...extremes.greatest },
          { id, t, v },
        ]
      : [{ id, t, v }];
  });
}

/**
 * Adds the extremes of buckets to the lines, if both edges are known.
 * @param least lines of the minimum values, by the ids of the lines they belong to
 */
export function withExtremes(
  lines: readonly ChartSeries[],
  least: readonly ChartSeries[],
  greatest: readonly ChartSeries[],
): ChartSeries[] {
  const [low, high] = [least, greatest].map((edges) => new Map(edges.map((line) => [line.id, line])));
  return lines.map((line) => {
    const [bottom, top] = [low?.get(line.id), high?.get(line.id)];
    if (!bottom || !top) return line;
    return { ...line, extremes: { least: { t: bottom.t, v: bottom.v }, greatest: { t: top.t, v: top.v } } };
  });
}
