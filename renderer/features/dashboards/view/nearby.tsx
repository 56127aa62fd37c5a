import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { whenIdle } from '#renderer/ui/idle.ts';

/** Panels appear before they are scrolled into sight, and stay until they are far from it, pixels. */
const appearPx = 400;
const stayPx = 1_600;

/** Calls back when an element comes within a distance of the screen or leaves it. One observer serves all: each costs time in every frame. */
function watchDistance(px: number): (element: Element, onChange: (inside: boolean) => void) => () => void {
  const listeners = new Map<Element, (inside: boolean) => void>();
  let observer: IntersectionObserver | undefined;
  const observe = () => {
    // The margin of a scrolled area counts apart from that of the window.
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

/** `near` on screen or close to it, `kept` not as close but drawn all the same, `far` not drawn. */
export type Distance = 'near' | 'kept' | 'far';

/**
 * How far an element is from the screen. It is drawn, and taken away again, when the page is idle: many at once would hold up scrolling.
 * What comes into sight is drawn before anything is taken away.
 * What is drawn stays until it is far away, so that scrolling back and forth redraws nothing.
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

/** What is drawn at a distance. Out of sight it keeps its state and its pictures, and costs no layout and no paint. */
export function Nearby({ distance, children }: NearbyProps) {
  if (distance === 'far') return null;
  return (
    <div className="size-full" style={distance === 'kept' ? { contentVisibility: 'hidden' } : undefined}>
      {children}
    </div>
  );
}

/** Shows what is inside while it is near the screen: a long dashboard draws, and asks for, only what is looked at. */
export function WhenNear({ children }: { children: ReactNode }) {
  const holder = useRef<HTMLDivElement>(null);
  const distance = useDistance(holder);
  return (
    <div ref={holder} className="size-full">
      <Nearby distance={distance}>{children}</Nearby>
    </div>
  );
}
