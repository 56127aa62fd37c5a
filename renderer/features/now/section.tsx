import { type ReactNode, useId } from 'react';
import { cn } from '#renderer/ui/cn.ts';

/** A titled part of the screen, with a line next to the title. */
export function Section({
  title,
  aside,
  children,
  className,
}: {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cn('min-w-0', className)}>
      <header className="mb-2 flex items-center gap-3">
        <h2 id={id} className="font-medium text-muted text-sm">
          {title}
        </h2>
        <span className="h-px flex-1 bg-border" />
        {aside}
      </header>
      {children}
    </section>
  );
}
