import { useCallback, useState } from 'react';
import type { Interval } from '#common/time/intervals.ts';
import type { ViewRange } from '#renderer/domain/queries/index.ts';

/** Lets charts share the zooms of one range: each zooms further, and back again. */
export function useZoom(range: ViewRange, setRange: (range: ViewRange, replace?: boolean) => void) {
  const [zooms, setZooms] = useState<readonly ViewRange[]>([]);
  const zoom = useCallback(
    (next: Interval) => {
      setZooms((before) => [...before, range]);
      setRange(next, zooms.length > 0);
    },
    [range, setRange, zooms.length],
  );
  const back = useCallback(() => {
    const before = zooms.at(-1);
    if (!before) return;
    setZooms((all) => all.slice(0, -1));
    setRange(before, true);
  }, [zooms, setRange]);
  return { zoom, back, zoomed: zooms.length > 0 };
}
