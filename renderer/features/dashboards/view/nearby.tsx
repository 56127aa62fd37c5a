import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { whenIdle } from '#renderer/ui/idle.ts';

/** Panels are drawn this far before they are scrolled into view, and stay until they are far from it, pixels. */
const appearPx = 400;
const stayPx = 1_600;

/**
 * Calls back when an element comes within a distance of the screen or leaves it. All elements share one observer, because each observer
 * costs time in every frame.
 */
function watchDistance(px: number): (element: Element, onChange: (inside: boolean) => void) => () => void {
  const listeners = new Map<Element, (inside: boolean) => void>();
  let observer: IntersectionObserver | undefined;
  const observe = () => {
    // A scrolled area has a margin separate from that of the window.
    const options: IntersectionObserverInit & { scrollMargin: string } = { rootMargin: `${px}px`, scrollMargin: `${px}px` };
    return new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting);
    }, options);
  };
  return (element, onChange) => {
    listeners.set(element, onChange);
    observer ??= observe();
    observer.observe(element);
    return () => {
      listeners.delete(element);
      observer?.unobserve(element);
    };
  };
}

const watchAppear = watchDistance(appearPx);
const watchStay = watchDistance(stayPx);

/** `near`: on screen or close to it. `kept`: further away but still drawn. `far`: not drawn. */
export type Distance = 'near' | 'kept' | 'far';

/**
 * Returns how far an element is from the screen. Changes happen while the page is idle, so that scrolling stays smooth. Elements that come
 * into view are drawn before any are removed, and drawn ones stay until they are far away, so that scrolling back and forth redraws
 * nothing.
 */
export function useDistance(holder: RefObject<HTMLElement | null>): Distance {
  const [distance, setDistance] = useState<Distance>('far');
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    let [isClose, isWithin, isDrawn] = [false, false, false];
    let takeBack = () => {};
    const settle = () => {
      takeBack();
      const draw = isClose || (isWithin && isDrawn);
      const next = isClose ? 'near' : 'kept';
      if (draw && isDrawn) setDistance(next);
      else if (draw !== isDrawn) {
        takeBack = whenIdle(() => {
          isDrawn = draw;
          flushSync(() => setDistance(draw ? next : 'far'));
        }, draw);
      }
    };
    const stops = [
      watchAppear(element, (inside) => {
        isClose = inside;
        settle();
      }),
      watchStay(element, (inside) => {
        isWithin = inside;
        settle();
      }),
    ];
    return () => {
      takeBack();
      for (const stop of stops) stop();
    };
  }, [holder]);
  return distance;
}

interface NearbyProps {
  distance: Distance;
  children: ReactNode;
}

/** Renders content according to its distance. Content out of view keeps its state and pictures, but has no layout and paint cost. */
export function Nearby({ distance, children }: NearbyProps) {
  if (distance === 'far') return null;
  return (
    <div className="size-full" style={distance === 'kept' ? { contentVisibility: 'hidden' } : undefined}>
      {children}
    </div>
  );
}

/** Renders its content only near the screen, so that a long dashboard draws and queries only what is visible. */
export function WhenNear({ children }: { children: ReactNode }) {
  const holder = useRef<HTMLDivElement>(null);
  const distance = useDistance(holder);
  return (
    <div ref={holder} className="size-full">
      <Nearby distance={distance}>{children}</Nearby>
    </div>
  );
}
