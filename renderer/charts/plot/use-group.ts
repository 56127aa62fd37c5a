import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Interval } from '#common/time/intervals.ts';
import type { Plot } from '#renderer/charts/engine/index.ts';
import { useChartGroup } from './group.tsx';

interface Shown {
  /** The owner's interval, and the visible one, which differs during a gesture. */
  interval: Interval;
  view: Interval;
  /** The time under the pointer, ms. */
  cursorAt: number | null;
}

/**
 * Makes a chart follow the pointer and gestures on the other charts of the screen, and lets them follow this one.
 * @param follower the line that shows where the pointer is on another chart
 */
export function useGroup(plot: Plot | null, follower: RefObject<HTMLElement | null>, { interval, view, cursorAt }: Shown): void {
  const group = useChartGroup();
  const [me] = useState(() => Symbol('chart'));
  const own = useRef(interval);
  useLayoutEffect(() => {
    own.current = interval;
  });
  useEffect(() => {
    if (!group || !plot) return;
    const stopView = group.view.listen((moved, who) => {
      const { from, to } = moved ?? own.current;
      if (who !== me) plot.show(from, to);
    });
    const stopCursor = group.cursor.listen((at, who) => {
      const line = follower.current;
      if (!line) return;
      const { from, to } = plot.view;
      const isShown = at !== null && who !== me && at >= from && at <= to;
      line.style.visibility = isShown ? 'visible' : 'hidden';
      if (!isShown) return;
      const { left, right } = plot.state.frame;
      line.style.left = `${left + ((at - from) / (to - from)) * Math.max(1, plot.size.width - left - right)}px`;
    });
    return () => {
      stopView();
      stopCursor();
    };
  }, [group, plot, follower, me]);
  const isMoving = view !== interval;
  useEffect(() => group?.view.set(isMoving ? view : null, me), [group, me, view, isMoving]);
  useEffect(() => group?.cursor.set(cursorAt, me), [group, me, cursorAt]);
}
