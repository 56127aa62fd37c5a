import { type RefObject, useEffect, useState } from 'react';

/** A scroll bar and the edge that marks stale data together take less than this, px. */
const slackPx = 30;

/**
 * Returns the width of an element in steps of 100 px, so that a few pixels more or less need no new query. Padding counts, and a step is
 * left only well beyond its ends, so that neither the edge that marks stale data nor a scroll bar changes it: another width would need
 * other buckets, which can't be read while offline.
 */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState<number | null>(null);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      const outer = entry?.borderBoxSize[0]?.inlineSize ?? 0;
      if (outer === 0) return;
      const isNear = (step: number) => Math.abs(outer - step) <= 50 + slackPx;
      setWidth((held) => (held !== null && isNear(held) ? held : Math.max(200, Math.round(outer / 100) * 100)));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width ?? 1_000;
}
