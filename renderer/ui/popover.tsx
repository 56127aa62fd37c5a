import { Popover as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { giveFocusBack, panelLook, panelPlace } from './layer.ts';

export const Popover = Radix.Root;
export const PopoverTrigger = Radix.Trigger;

export function PopoverContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        {...panelPlace}
        onCloseAutoFocus={giveFocusBack}
        {...props}
        className={cn(panelLook, 'max-h-(--radix-popover-content-available-height) overflow-auto p-3 outline-none', className)}
      />
    </Radix.Portal>
  );
}
