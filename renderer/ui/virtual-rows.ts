import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Height of a row until it is measured. */
const defaultRowPx = 36;

/** Positions the visible rows and keeps the selected one in view. `ruler` goes on an element that is as high as a row. */
export function useVirtualRows(list: readonly { id: string }[], selected: string | null, scroller: RefObject<HTMLElement | null>) {
  const ruler = useRef<HTMLDivElement>(null);
  const rowPx = useHeight(ruler);
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => list[index]?.id ?? index,
    overscan: 12,
  });
  useLayoutEffect(() => {
    if (rowPx > 0) virtual.measure();
  }, [rowPx, virtual]);
  const place = list.findIndex((row) => row.id === selected);
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place, { align: 'auto' });
  }, [place, virtual]);
  return { virtual, ruler };
}

/** Returns the height of an element, px, also when font size or density change. All rows are equally high, so one is measured. */
function useHeight(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(defaultRowPx);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => setHeight((before) => entry?.borderBoxSize[0]?.blockSize ?? before));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return height;
}
