import { calendarDays } from '#common/timeseries/buckets.ts';

/** Divides time into buckets. The bucket that contains `t` starts at `start(t)` and ends, exclusive, at `end(start)`; all epoch ms. */
export interface Grid {
  start(t: number): number;
  end(start: number): number;
}

/** Buckets of one width, counted from the epoch. */
export function everyMs(width: number): Grid {
  return { start: (t) => Math.floor(t / width) * width, end: (start) => start + width };
}

/** Returns the buckets of a query: of one width, or calendar days if it names a time zone. */
export function gridOf({ bucketMs, timeZone }: { bucketMs: number; timeZone?: string | undefined }): Grid {
  return timeZone === undefined ? everyMs(bucketMs) : calendarDays(timeZone);
}

/** One bucket for everything. */
export const wholeRange: Grid = { start: () => -Infinity, end: () => Infinity };

/**
 * Divides [from, to) into `columns` equal columns, the pixels of a chart. Column `i` starts at `edge(i)`, its first whole ms, so that every
 * store divides alike.
 */
export function columnsOf(from: number, to: number, columns: number): Grid & { column(t: number): number; edge(i: number): number } {
  const edge = (i: number) => Math.ceil(from + (i * (to - from)) / columns);
  const column = (t: number) => {
    let i = Math.floor(((t - from) * columns) / (to - from));
    // The division may round across an edge, so the edge decides. Columns narrower than 1 ms share a millisecond, which belongs to the last
    // of them.
    while (t < edge(i)) i -= 1;
    while (t >= edge(i + 1)) i += 1;
    return i;
  };
  return { start: (t) => edge(column(t)), end: (start) => edge(column(start) + 1), column, edge };
}
