import { Command as Cmdk } from 'cmdk';
import { Search } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** A list that filters while typing; arrows move, Enter runs. */
export function Command({ className, ...props }: ComponentProps<typeof Cmdk>) {
  return <Cmdk {...props} className={cn('flex min-h-0 flex-col', className)} />;
}

export function CommandInput({ className, ...props }: ComponentProps<typeof Cmdk.Input>) {
  return (
    <div className="flex items-center gap-2 border-b px-4">
      <Search size="1rem" className="shrink-0 text-faint" />
      <Cmdk.Input {...props} className={cn('h-12 w-full bg-transparent text-lg outline-none', className)} />
    </div>
  );
}

export function CommandList({ className, ...props }: ComponentProps<typeof Cmdk.List>) {
  return <Cmdk.List {...props} className={cn('max-h-[52vh] overflow-auto overscroll-contain p-2', className)} />;
}

export function CommandEmpty(props: ComponentProps<typeof Cmdk.Empty>) {
  return <Cmdk.Empty {...props} className="px-2 py-6 text-center text-muted" />;
}

export function CommandGroup({ className, ...props }: ComponentProps<typeof Cmdk.Group>) {
  return (
    <Cmdk.Group
      {...props}
      className={cn(
        '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-faint [&_[cmdk-group-heading]]:text-sm',
        className,
      )}
    />
  );
}

export function CommandItem({ className, ...props }: ComponentProps<typeof Cmdk.Item>) {
  return (
    <Cmdk.Item
      {...props}
      className={cn('flex h-9 items-center gap-3 rounded-md px-2 data-[selected=true]:bg-selected [&_svg]:shrink-0', className)}
    />
  );
}
