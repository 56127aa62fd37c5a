import { type RefObject, useLayoutEffect, useState } from 'react';

export interface Box {
  width: number;
  height: number;
  /** One rem, px. */
  rem: number;
}

/** Returns the size of an element, CSS pixels; zero until it is measured. */
export function useBox(element: RefObject<HTMLElement | null>): Box {
  const [box, setBox] = useState<Box>({ width: 0, height: 0, rem: 16 });
  useLayoutEffect(() => {
    const holder = element.current;
    if (!holder) return;
    const read = () => {
      const { clientWidth: width, clientHeight: height } = holder;
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setBox((before) => (before.width === width && before.height === height && before.rem === rem ? before : { width, height, rem }));
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(holder);
    return () => observer.disconnect();
  }, [element]);
  return box;
}
