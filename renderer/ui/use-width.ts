import { type RefObject, useEffect, useState } from 'react';

/** A scroll bar and the edge that marks old data together take less, px. */
const slackPx = 30;

/**
 * Width of an element in steps of 100 px: a few pixels more or less need no new question. Its padding counts, and a step is left only
 * well beyond its ends, so that neither the edge that marks what may be out of date nor a scroll bar changes it: another width asks for
 * other buckets, which nobody has without contact.
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
