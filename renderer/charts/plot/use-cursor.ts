import { useEffect, useState } from 'react';
import type { Plot } from '#renderer/charts/engine/index.ts';
import { type ReadoutRow, rowsOf } from './readout.tsx';
import type { ChartSeries } from './types.ts';

/** Distance from the pointer within which a point is read, CSS pixels. */
const reachPx = 24;

interface CursorOptions {
  plot: Plot | null;
  series: readonly ChartSeries[];
  /** Width of the buckets that the points stand for, ms. */
  bucketMs: number;
  /** Milliseconds per CSS pixel. */
  msPerPx: number;
}

/** Returns the crosshair of a chart and the points nearest to it. */
export function useCursor({ plot, series, bucketMs, msPerPx }: CursorOptions) {
  const [cursor, setCursor] = useState<{ at: number; y: number } | null>(null);
  const [rows, setRows] = useState<readonly ReadoutRow[]>([]);
  const cursorAt = cursor?.at ?? null;
  useEffect(() => {
    if (!plot || cursorAt === null) return;
    let isOver = false;
    void plot.read(cursorAt, Math.max(reachPx * msPerPx, bucketMs)).then((read) => {
      if (!isOver) setRows(rowsOf(series, read));
    });
    return () => {
      isOver = true;
    };
  }, [plot, cursorAt, msPerPx, bucketMs, series]);
  /** Time of the points shown, or the time under the pointer if there are none, ms. */
  const shownAt = rows[0]?.at ?? cursor?.at ?? 0;
  return { cursor, setCursor, rows, shownAt };
}
