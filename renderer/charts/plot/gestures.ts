import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Interval } from '#common/time/intervals.ts';
import type { Frame } from '#renderer/charts/engine/index.ts';
import { minIntervalMs, panInterval, zoomInterval } from './range.ts';

/** A gesture ends when nothing has moved for this long, ms. */
const restMs = 250;
/** Shorter drags count as clicks, px. */
const minDragPx = 5;

interface GestureOptions {
  surface: RefObject<HTMLElement | null>;
  interval: Interval;
  frame: Frame;
  onIntervalChange: ((interval: Interval) => void) | undefined;
  onBack: (() => void) | undefined;
  wheel: boolean;
}

/** Zoom, pan and brush on a chart. The view follows at once; the owner is notified when the gesture ends. */
export function useGestures({ onBack, wheel, ...options }: GestureOptions) {
  const active = options.onIntervalChange !== undefined;
  const moving = useMoving(options);
  const { view, settle, timeAt } = moving;
  useWheel(options.surface, active && wheel, moving);
  const { selection, isBrushing, cancel, handlers } = useBrush(options.surface, active, moving);

  /** @returns true if the chart handled the key */
  const onKey = (key: string): boolean => {
    if (!active) return false;
    const middle = (view.from + view.to) / 2;
    if (key === 'ArrowLeft') settle(panInterval(view, -0.15, Date.now()));
    else if (key === 'ArrowRight') settle(panInterval(view, 0.15, Date.now()));
    else if (key === '+' || key === '=') settle(zoomInterval(view, middle, 0.6));
    else if (key === '-') settle(zoomInterval(view, middle, 1 / 0.6));
    else if (key === 'Backspace') onBack?.();
    else if (key === 'Escape' && isBrushing) cancel();
    else return false;
    return true;
  };
  return { view, timeAt, selection, onKey, handlers };
}

interface Moving {
  /** The visible interval: the owner's, or that of a gesture. */
  view: Interval;
  /** Returns the current view, also between two renders. */
  viewNow: () => Interval;
  /** Moves the view; the owner is notified once nothing has moved for a while. */
  settle: (next: Interval) => void;
  /** Moves the view and notifies the owner at once. */
  choose: (next: Interval) => void;
  /** Returns the time at a position on screen, clamped to the view. */
  timeAt: (clientX: number) => number;
}

function useMoving({ surface, interval, frame, onIntervalChange }: Omit<GestureOptions, 'onBack' | 'wheel'>): Moving {
  const [moved, setMoved] = useState<Interval | null>(null);
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const view = moved ?? interval;
  const latest = useRef({ view, frame, onIntervalChange });
  useEffect(() => {
    latest.current = { view, frame, onIntervalChange };
  });

  // The owner's answer replaces the gesture, unless the gesture is still going on.
  const { from, to } = interval;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs only when the owner's interval changes
  useEffect(() => {
    if (rest.current === undefined) setMoved(null);
  }, [from, to]);
  useEffect(() => () => clearTimeout(rest.current), []);

  const settle = (next: Interval) => {
    setMoved(next);
    latest.current.view = next;
    clearTimeout(rest.current);
    rest.current = setTimeout(() => {
      rest.current = undefined;
      latest.current.onIntervalChange?.(next);
    }, restMs);
  };
  const choose = (next: Interval) => {
    setMoved(next);
    onIntervalChange?.(next);
  };
  const timeAt = (clientX: number): number => {
    const box = surface.current?.getBoundingClientRect();
    const { frame: margins, view: shown } = latest.current;
    const left = (box?.left ?? 0) + margins.left;
    const width = Math.max(1, (box?.width ?? 0) - margins.left - margins.right);
    const share = Math.min(1, Math.max(0, (clientX - left) / width));
    return shown.from + share * (shown.to - shown.from);
  };
  return { view, viewNow: () => latest.current.view, settle, choose, timeAt };
}

function useWheel(surface: RefObject<HTMLElement | null>, enabled: boolean, moving: Moving): void {
  const latest = useRef(moving);
  useEffect(() => {
    latest.current = moving;
  });
  useEffect(() => {
    const element = surface.current;
    if (!element || !enabled) return;
    // React's wheel listener is passive and can't keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { viewNow, settle, timeAt } = latest.current;
      const sideways = event.shiftKey ? event.deltaY + event.deltaX : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
      if (sideways !== 0) settle(panInterval(viewNow(), sideways / 1_000, Date.now()));
      else settle(zoomInterval(viewNow(), timeAt(event.clientX), 1.0015 ** event.deltaY));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [surface, enabled]);
}

/** Selects the interval that a drag covers. */
function useBrush(surface: RefObject<HTMLElement | null>, active: boolean, { timeAt, choose }: Moving) {
  const [brush, setBrush] = useState<{ fromX: number; toX: number } | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (!active || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setBrush({ fromX: event.clientX, toX: event.clientX });
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const x = event.clientX;
    setBrush((before) => before && { ...before, toX: x });
  };
  const onPointerUp = () => {
    setBrush(null);
    if (!brush || Math.abs(brush.toX - brush.fromX) < minDragPx) return;
    const ends = [timeAt(brush.fromX), timeAt(brush.toX)].sort((a, b) => a - b);
    const [start = 0, end = 0] = ends;
    const width = Math.max(minIntervalMs, end - start);
    choose({ from: Math.round(start), to: Math.round(start + width) });
  };
  const cancel = () => setBrush(null);
  const selection = brush &&
    Math.abs(brush.toX - brush.fromX) >= minDragPx && {
      left: Math.min(brush.fromX, brush.toX) - (surface.current?.getBoundingClientRect().left ?? 0),
      width: Math.abs(brush.toX - brush.fromX),
      lengthMs: Math.abs(timeAt(brush.toX) - timeAt(brush.fromX)),
    };
  return {
    selection,
    isBrushing: brush !== null,
    cancel,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: cancel },
  };
}
