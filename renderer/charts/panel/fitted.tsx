import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { cn } from '#renderer/ui/cn.ts';

interface FittedProps {
  /** Sized in em, so that it shrinks as a whole. */
  children: ReactNode;
  /** Hidden before the rest becomes small. */
  extra: ReactNode;
  className?: string;
}

/** The extra is shown as long as the text keeps at least this share of its size. */
const minWithExtra = 0.8;
/** Text doesn't shrink to the exact share, because its widths are rounded to pixels. */
const rounding = 0.99;

function shrink(room: HTMLElement | null, line: HTMLElement | null, extra: HTMLElement | null): void {
  if (!room || !line || !extra) return;
  const shareOf = () => Math.min(1, room.clientWidth / line.getBoundingClientRect().width);
  line.style.fontSize = '';
  extra.hidden = false;
  if (shareOf() < minWithExtra) extra.hidden = true;
  const share = shareOf();
  if (share > 0 && share < 1) line.style.fontSize = `${share * rounding}em`;
}

/** One line of text that fills the width it has: it shrinks rather than lose a digit. */
export function Fitted({ children, extra, className }: FittedProps) {
  const room = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLDivElement>(null);
  const aside = useRef<HTMLSpanElement>(null);
  // Runs before the new text is painted; the observer runs again when the room changes or the font arrives.
  useLayoutEffect(() => shrink(room.current, line.current, aside.current));
  useLayoutEffect(() => {
    const [outer, inner] = [room.current, line.current];
    if (!outer || !inner) return;
    const observer = new ResizeObserver(() => shrink(outer, inner, aside.current));
    observer.observe(outer);
    observer.observe(inner);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={room} dir="ltr" className={cn('flex', className)}>
      <div ref={line} className="flex shrink-0 items-baseline gap-[0.6em] whitespace-nowrap">
        {children}
        <span ref={aside}>{extra}</span>
      </div>
    </div>
  );
}
