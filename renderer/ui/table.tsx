import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** A plain table whose head stays while the body scrolls. Numbers go in `numeric` cells, which align at the end. */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  return <table {...props} className={cn('w-full border-separate border-spacing-0 text-start', className)} />;
}

export function TableRow({ className, ...props }: ComponentProps<'tr'>) {
  return <tr {...props} className={cn('hover:bg-hover aria-selected:bg-selected', className)} />;
}

export function TableHead({ className, numeric = false, ...props }: ComponentProps<'th'> & { numeric?: boolean }) {
  return (
    <th
      scope="col"
      {...props}
      className={cn(
        'sticky top-0 z-10 h-8 whitespace-nowrap border-b bg-surface px-3 font-medium text-faint text-sm',
        numeric ? 'text-end' : 'text-start',
        className,
      )}
    />
  );
}

export function TableCell({ className, numeric = false, ...props }: ComponentProps<'td'> & { numeric?: boolean }) {
  return <td {...props} className={cn('h-row border-b px-3', numeric && 'whitespace-nowrap text-end', className)} />;
}
