import { calendarDays } from '#common/timeseries/buckets.ts';

/** How time is cut into buckets: the bucket that holds `t` starts at `start(t)` and ends, exclusive, at `end(start)`; all epoch ms. */
export interface Grid {
  start(t: number): number;
  end(start: number): number;
}

/** Buckets of one width, counted from the epoch. */
export function everyMs(width: number): Grid {
  return { start: (t) => Math.floor(t / width) * width, end: (start) => start + width };
}

/** Buckets of a query: of one width, or calendar days where it names a time zone. */
export function gridOf({ bucketMs, timeZone }: { bucketMs: number; timeZone?: string | undefined }): Grid {
  return timeZone === undefined ? everyMs(bucketMs) : calendarDays(timeZone);
}

/** One bucket for everything. */
export const wholeRange: Grid = { start: () => -Infinity, end: () => Infinity };

/**
 * `columns` equal parts of [from, to): the pixels of a chart. Part `i` starts at `edge(i)`, the first whole ms that is in it, so that
 * every store cuts alike.
 */
export function columnsOf(from: number, to: number, columns: number): Grid & { column(t: number): number; edge(i: number): number } {
  const edge = (i: number) => Math.ceil(from + (i * (to - from)) / columns);
  const column = (t: number) => {
    let i = Math.floor(((t - from) * columns) / (to - from));
    // The division may round across the edge; the edge decides. Of parts narrower than a ms several share one; the last has it.
    while (t < edge(i)) i -= 1;
    while (t >= edge(i + 1)) i += 1;
    return i;
  };
  return { start: (t) => edge(column(t)), end: (start) => edge(column(start) + 1), column, edge };
}
