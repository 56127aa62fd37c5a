import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { giveFocusBack, panelLook, panelPlace } from './layer.ts';

/** A menu. Never modal: a modal one injects a <style> that the content security policy refuses. */
export const DropdownMenu = (props: ComponentProps<typeof Radix.Root>) => <Radix.Root modal={false} {...props} />;
export const DropdownMenuTrigger = Radix.Trigger;
export const DropdownMenuRadioGroup = Radix.RadioGroup;

export function DropdownMenuContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content {...panelPlace} onCloseAutoFocus={giveFocusBack} {...props} className={cn(panelLook, 'min-w-40 p-1', className)} />
    </Radix.Portal>
  );
}

const item =
  'relative flex h-7 select-none items-center gap-2 rounded-md px-2 outline-none data-highlighted:bg-hover data-disabled:text-faint [&_svg]:shrink-0';

export function DropdownMenuItem({ className, ...props }: ComponentProps<typeof Radix.Item>) {
  return <Radix.Item {...props} className={cn(item, className)} />;
}

export function DropdownMenuRadioItem({ className, children, ...props }: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem {...props} className={cn(item, 'ps-7', className)}>
      <Radix.ItemIndicator className="absolute start-2">
        <Check size="0.875rem" />
      </Radix.ItemIndicator>
      {children}
    </Radix.RadioItem>
  );
}

export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Radix.Label>) {
  return <Radix.Label {...props} className={cn('px-2 py-1 text-faint text-sm', className)} />;
}

export function DropdownMenuSeparator(props: ComponentProps<typeof Radix.Separator>) {
  return <Radix.Separator {...props} className="-mx-1 my-1 h-px bg-border" />;
}
