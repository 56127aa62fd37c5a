/** How time is cut into buckets: the bucket that holds `t` starts at `start(t)` and ends, exclusive, at `end(start)`; all epoch ms. */
export interface Grid {
  start(t: number): number;
  end(start: number): number;
}

/** Buckets of one width, counted from the epoch. */
export function everyMs(width: number): Grid {
  return { start: (t) => Math.floor(t / width) * width, end: (start) => start + width };
}

/** One bucket for everything. */
export const wholeRange: Grid = { start: () => -Infinity, end: () => Infinity };

/** `columns` equal parts of [from, to), whose edges may fall between two milliseconds: the pixels of a chart. */
export function columnsOf(from: number, to: number, columns: number): Grid {
  const edge = (i: number) => from + (i * (to - from)) / columns;
  const columnOf = (t: number) => {
    const guess = Math.floor(((t - from) * columns) / (to - from));
    // The product may round across the edge that the division gives; the edge decides.
    if (t < edge(guess)) return guess - 1;
    return t >= edge(guess + 1) ? guess + 1 : guess;
  };
  return {
    start: (t) => edge(columnOf(t)),
    end: (start) => edge(Math.round(((start - from) * columns) / (to - from)) + 1),
  };
}
