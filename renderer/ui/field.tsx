import { Label as Radix } from 'radix-ui';
import { type ComponentProps, cloneElement, type ReactElement, useId } from 'react';
import { cn } from './cn.ts';

function Label({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root {...props} className={cn('font-medium text-muted text-sm', className)} />;
}

interface ControlProps {
  id?: string;
  'aria-invalid'?: boolean;
  'aria-describedby'?: string;
}
interface FieldProps {
  label: string;
  /** Help with what to enter. */
  hint?: string | undefined;
  /** The problem with the value; announced when it appears. */
  error?: string | undefined;
  /** One control; it receives `id` and the ARIA attributes. */
  children: ReactElement<ControlProps>;
  className?: string;
}

/** A label, its control, and its error, connected for assistive technology. */
export function Field({ label, hint, error, children, className }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={cn('flex flex-col gap-1', className)}>
      <Label htmlFor={id}>{label}</Label>
      {cloneElement(children, {
        id,
        ...(error ? { 'aria-invalid': true } : {}),
        ...(described ? { 'aria-describedby': described } : {}),
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-faint text-sm">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-danger text-sm">
          {error}
        </p>
      )}
    </div>
  );
}
