import { cva, type VariantProps } from 'class-variance-authority';
import { Progress as RadixProgress } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

const badge = cva('inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 font-medium text-xs', {
  variants: {
    tone: {
      neutral: 'border-border-strong text-muted',
      accent: 'border-accent text-accent',
      attention: 'border-attention text-attention',
      danger: 'border-danger text-danger',
    },
  },
  defaultVariants: { tone: 'neutral' },
});

export function Badge({ className, tone, ...props }: ComponentProps<'span'> & VariantProps<typeof badge>) {
  return <span {...props} className={cn(badge({ tone }), className)} />;
}

/** A key or a sequence of keys: `g n` is drawn as two keycaps. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <kbd className={cn('inline-flex gap-0.5 font-sans', className)} dir="ltr">
      {keys.split(' ').map((key, place) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one fixed sequence never move
          key={place}
          className="inline-grid h-4.5 min-w-4.5 place-content-center rounded-sm border border-border-strong px-1 text-muted text-xs"
        >
          {key}
        </span>
      ))}
    </kbd>
  );
}

/** Scrolls content that doesn't fit, with the platform's thin scroll bars. Focusable, so that the keyboard can scroll it. */
export function ScrollArea({ className, ...props }: ComponentProps<'div'>) {
  return <div tabIndex={-1} {...props} className={cn('min-h-0 overflow-auto overscroll-contain', className)} />;
}

export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return <div aria-hidden="true" {...props} className={cn('rounded-md bg-hover', className)} />;
}

/** @param value 0 to 1, or null while the amount is unknown */
export function Progress({ value, label, className }: { value: number | null; label: string; className?: string }) {
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <RadixProgress.Root
      value={percent}
      aria-label={label}
      className={cn('h-1.5 overflow-hidden rounded-full bg-hover', percent === null && 'hatched-fill', className)}
    >
      <RadixProgress.Indicator className="block h-full bg-accent" style={{ width: `${percent ?? 0}%` }} />
    </RadixProgress.Root>
  );
}
