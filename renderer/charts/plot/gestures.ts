import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Frame } from '#renderer/charts/engine/index.ts';
import { panStretch, type Stretch, shortestStretchMs, zoomStretch } from './range.ts';

/** A gesture rests when nothing moved for this long, ms. */
const restMs = 250;
/** Shorter drags are clicks, px. */
const leastDragPx = 5;

interface GestureAsk {
  surface: RefObject<HTMLElement | null>;
  stretch: Stretch;
  frame: Frame;
  onStretch: ((stretch: Stretch) => void) | undefined;
  onBack: (() => void) | undefined;
  wheel: boolean;
}

/** Zoom, pan and brush on a chart: the view follows at once, the owner hears of it when the gesture rests. */
export function useGestures({ surface, stretch, frame, onStretch, onBack, wheel }: GestureAsk) {
  const [moved, setMoved] = useState<Stretch | null>(null);
  const [brush, setBrush] = useState<{ fromX: number; toX: number } | null>(null);
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const view = moved ?? stretch;
  const latest = useRef({ view, frame, onStretch });
  useEffect(() => {
    latest.current = { view, frame, onStretch };
  });

  // The owner's answer replaces the gesture, unless the hand has not come to rest yet.
  const { from, to } = stretch;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the owner's stretch changes, whatever else does
  useEffect(() => {
    if (rest.current === undefined) setMoved(null);
  }, [from, to]);
  useEffect(() => () => clearTimeout(rest.current), []);

  const settle = (next: Stretch) => {
    setMoved(next);
    latest.current.view = next;
    clearTimeout(rest.current);
    rest.current = setTimeout(() => {
      rest.current = undefined;
      latest.current.onStretch?.(next);
    }, restMs);
  };
  const settleRef = useRef(settle);
  useEffect(() => {
    settleRef.current = settle;
  });

  const plot = () => {
    const box = surface.current?.getBoundingClientRect();
    const left = (box?.left ?? 0) + latest.current.frame.left;
    const width = Math.max(1, (box?.width ?? 0) - latest.current.frame.left - latest.current.frame.right);
    return { left, width };
  };
  /** The time under a position on screen, clamped to the view. */
  const timeAt = (clientX: number): number => {
    const { left, width } = plot();
    const share = Math.min(1, Math.max(0, (clientX - left) / width));
    return latest.current.view.from + share * (latest.current.view.to - latest.current.view.from);
  };
  const timeAtRef = useRef(timeAt);
  useEffect(() => {
    timeAtRef.current = timeAt;
  });

  const active = onStretch !== undefined;
  useEffect(() => {
    const element = surface.current;
    if (!element || !active || !wheel) return;
    // React's wheel listener is passive and could not keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { view: now } = latest.current;
      const sideways = event.shiftKey ? event.deltaY + event.deltaX : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
      if (sideways !== 0) settleRef.current(panStretch(now, sideways / 1_000, Date.now()));
      else settleRef.current(zoomStretch(now, timeAtRef.current(event.clientX), 1.0015 ** event.deltaY));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [surface, active, wheel]);

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
    if (!brush || Math.abs(brush.toX - brush.fromX) < leastDragPx) return;
    const ends = [timeAt(brush.fromX), timeAt(brush.toX)].sort((a, b) => a - b);
    const [start = 0, end = 0] = ends;
    const width = Math.max(shortestStretchMs, end - start);
    const chosen = { from: Math.round(start), to: Math.round(start + width) };
    setMoved(chosen);
    onStretch?.(chosen);
  };
  const cancelBrush = () => setBrush(null);

  /** @returns true when the key meant something here. */
  const onKey = (key: string): boolean => {
    if (!active) return false;
    const middle = (view.from + view.to) / 2;
    if (key === 'ArrowLeft') settle(panStretch(view, -0.15, Date.now()));
    else if (key === 'ArrowRight') settle(panStretch(view, 0.15, Date.now()));
    else if (key === '+' || key === '=') settle(zoomStretch(view, middle, 0.6));
    else if (key === '-') settle(zoomStretch(view, middle, 1 / 0.6));
    else if (key === 'Backspace') onBack?.();
    else if (key === 'Escape' && brush) cancelBrush();
    else return false;
    return true;
  };

  const selection = brush &&
    Math.abs(brush.toX - brush.fromX) >= leastDragPx && {
      left: Math.min(brush.fromX, brush.toX) - (surface.current?.getBoundingClientRect().left ?? 0),
      width: Math.abs(brush.toX - brush.fromX),
      lengthMs: Math.abs(timeAt(brush.toX) - timeAt(brush.fromX)),
    };
  return { view, timeAt, selection, onKey, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: cancelBrush } };
}
