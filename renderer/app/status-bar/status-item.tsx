import type { ReactNode } from 'react';
import { Popover, PopoverContent, PopoverTrigger } from '#renderer/ui/popover.tsx';

/** An item in the status bar; a click opens its explanation. */
export function StatusItem({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <Popover>
      <PopoverTrigger className="flex h-7 min-w-0 max-w-full items-center overflow-hidden gap-1.5 px-2 hover:bg-hover hover:text-foreground">
        {label}
      </PopoverTrigger>
      <PopoverContent side="top" align="start" className="w-80">
        {children}
      </PopoverContent>
    </Popover>
  );
}
