import { type RefObject, useEffect, useState } from 'react';

/**
 * Width of an element in steps of 100 px: a few pixels more need no new question. Its padding counts, so that the edge that marks what
 * may be out of date does not make it narrower: another width asks for other buckets, which nobody has without contact.
 */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1_000);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      const outer = entry?.borderBoxSize[0]?.inlineSize ?? 0;
      if (outer > 0) setWidth(Math.max(200, Math.round(outer / 100) * 100));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
