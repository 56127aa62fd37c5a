import { type ComponentProps, type ReactNode, type RefObject, useEffect, useState } from 'react';
import { cn } from '#renderer/ui/cn.ts';

interface FrameProps extends Omit<ComponentProps<'section'>, 'title'> {
  title: string;
  /** Buttons at the end of the title, visible while the pointer or focus is on the panel. */
  actions?: ReactNode;
  selected?: boolean;
  /** Makes the title a handle that moves the panel. */
  movable?: boolean;
  /** Renders text alone, without border or title: a heading for a section of the dashboard. */
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

/** Returns whether an element has come near the screen yet. */
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
