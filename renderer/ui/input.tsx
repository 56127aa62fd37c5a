import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

const field =
  'w-full min-w-0 rounded-md border border-border-strong bg-background px-2 text-base text-foreground aria-invalid:border-danger disabled:cursor-not-allowed disabled:opacity-60';

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input {...props} className={cn(field, 'h-control', className)} />;
}

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea {...props} className={cn(field, 'min-h-16 py-1.5', className)} />;
}

/** A native select, styled: it keeps the platform's keyboard, screen reader and direction support. Children are `<option>`s. */
export function Select({ className, ...props }: ComponentProps<'select'>) {
  return <select {...props} className={cn(field, 'select inline-flex h-control items-center justify-between gap-2', className)} />;
}
