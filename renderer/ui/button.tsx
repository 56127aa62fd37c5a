import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps, MouseEvent } from 'react';
import { cn } from './cn.ts';
import { Tooltip } from './tooltip.tsx';

const buttonStyle = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium text-base transition-colors duration-(--motion) aria-disabled:cursor-not-allowed aria-disabled:opacity-70 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        default: 'border-border-strong bg-raised hover:not-aria-disabled:bg-hover aria-disabled:text-faint',
        primary:
          'border-accent-strong bg-accent-strong text-on-accent hover:not-aria-disabled:brightness-110 aria-disabled:border-border aria-disabled:bg-hover aria-disabled:text-faint',
        ghost:
          'border-transparent text-muted aria-disabled:text-faint hover:not-aria-disabled:bg-hover hover:not-aria-disabled:text-foreground',
        danger: 'border-danger text-danger hover:not-aria-disabled:bg-hover aria-disabled:text-faint',
        link: 'border-transparent px-0 text-accent underline-offset-2 hover:underline aria-disabled:text-faint',
      },
      size: { md: 'h-control px-3', sm: 'h-6 px-2 text-sm', icon: 'size-control', 'icon-sm': 'size-6' },
    },
    compoundVariants: [{ variant: 'link', class: 'h-auto px-0' }],
    defaultVariants: { variant: 'default', size: 'md' },
  },
);

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'>, VariantProps<typeof buttonStyle> {
  asChild?: boolean;
  /** Why the button can't be used now. It stays focusable and shows the reason. */
  disabledReason?: string | undefined;
  /** Shown on hover; required for icon-only buttons. */
  tooltip?: string | undefined;
}

/** A button. If it can't be used, it says why. */
export function Button({ asChild = false, className, variant, size, disabledReason, tooltip, onClick, ...props }: ButtonProps) {
  const Part = asChild ? Slot.Root : 'button';
  const disabled = disabledReason !== undefined;
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (disabled) event.preventDefault();
    else onClick?.(event);
  };
  const button = (
    <Part
      {...(asChild ? {} : { type: 'button' })}
      {...(tooltip !== undefined && props['aria-label'] === undefined && props.children === undefined ? { 'aria-label': tooltip } : {})}
      {...props}
      {...(disabled ? { 'aria-disabled': true } : {})}
      className={cn(buttonStyle({ variant, size }), className)}
      onClick={click}
    />
  );
  const hint = disabledReason ?? tooltip;
  return hint === undefined ? button : <Tooltip content={hint}>{button}</Tooltip>;
}
