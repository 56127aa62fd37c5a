import { type ComponentProps, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { cn } from '#renderer/ui/cn.ts';

interface FrameProps extends Omit<ComponentProps<'section'>, 'title'> {
  title: string;
  /** Buttons at the end of the title, in sight while the pointer or focus is on the panel. */
  actions?: ReactNode;
  selected?: boolean;
  /** The title is a handle to move the panel by. */
  movable?: boolean;
  /** Text alone, without a border or a title of its own: what parts a dashboard into sections. */
  heading?: boolean;
}

/** A panel's border and title. */
export function PanelFrame({
  title,
  actions,
  selected = false,
  movable = false,
  heading = false,
  className,
  children,
  ...props
}: FrameProps) {
  return (
    <section
      {...props}
      aria-label={title || undefined}
      className={cn(
        'group relative flex h-full min-h-0 min-w-0 flex-col rounded-lg border',
        heading ? 'border-transparent' : 'bg-surface',
        selected && 'border-accent',
        className,
      )}
    >
      <header
        className={cn(
          'panel-handle flex h-7 shrink-0 items-center gap-2 px-3',
          heading ? 'absolute inset-x-0 top-0' : 'relative',
          movable && 'cursor-move select-none',
        )}
      >
        <h2 className="min-w-0 flex-1 truncate font-medium text-base">{!heading && <bdi>{title}</bdi>}</h2>
        {actions && (
          <span className="no-drag absolute end-1 flex rounded-md bg-surface opacity-0 focus-within:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100">
            {actions}
          </span>
        )}
      </header>
      <div className={cn('min-h-0 flex-1', heading ? 'px-1 pt-1' : 'px-3 pb-2')}>{children}</div>
    </section>
  );
}

/** Whether an element has come near the screen yet. */
export function useNear(holder: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || !holder.current) return;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setNear(true), {
      rootMargin: '400px',
    });
    observer.observe(holder.current);
    return () => observer.disconnect();
  }, [near, holder]);
  return near;
}

/** Panels appear before they are scrolled into sight, and stay until they are far from it, pixels. */
const appearPx = 400;
const stayPx = 1_600;

/** Whether an element is on screen or close to it. It stays so until it is far away, so that scrolling back and forth redraws nothing. */
export function useNearby(holder: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const within = (px: number, onChange: (inside: boolean) => void) => {
      // The margin of a scrolled area counts apart from that of the window.
      const options: IntersectionObserverInit & { scrollMargin: string } = { rootMargin: `${px}px`, scrollMargin: `${px}px` };
      const observer = new IntersectionObserver((entries) => onChange(entries.at(-1)?.isIntersecting ?? false), options);
      observer.observe(element);
      return observer;
    };
    const observers = [within(appearPx, (inside) => inside && setNear(true)), within(stayPx, (inside) => !inside && setNear(false))];
    return () => {
      for (const observer of observers) observer.disconnect();
    };
  }, [holder]);
  return near;
}

/** Shows what is inside while it is near the screen: a long dashboard draws, and asks for, only what is looked at. */
export function WhenNear({ children }: { children: ReactNode }) {
  const holder = useRef<HTMLDivElement>(null);
  const near = useNearby(holder);
  return (
    <div ref={holder} className="size-full">
      {near ? children : null}
    </div>
  );
}
