import { Check } from 'lucide-react';
import { Checkbox as RadixCheckbox, ToggleGroup as RadixGroup, Switch as RadixSwitch } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

export function Switch({ className, ...props }: ComponentProps<typeof RadixSwitch.Root>) {
  return (
    <RadixSwitch.Root
      {...props}
      className={cn(
        'inline-flex h-4.5 w-8 shrink-0 items-center rounded-full border border-border-strong bg-background px-0.5 transition-colors duration-(--motion) disabled:opacity-50 data-[state=checked]:border-accent-strong data-[state=checked]:bg-accent-strong',
        className,
      )}
    >
      <RadixSwitch.Thumb className="size-3 rounded-full bg-muted transition-transform duration-(--motion) data-[state=checked]:translate-x-3.5 data-[state=checked]:bg-on-accent rtl:data-[state=checked]:-translate-x-3.5" />
    </RadixSwitch.Root>
  );
}

export function Checkbox({ className, ...props }: ComponentProps<typeof RadixCheckbox.Root>) {
  return (
    <RadixCheckbox.Root
      {...props}
      className={cn(
        'grid size-4 shrink-0 place-content-center rounded-sm border border-border-strong bg-background disabled:opacity-50 data-[state=checked]:border-accent-strong data-[state=checked]:bg-accent-strong data-[state=checked]:text-on-accent',
        className,
      )}
    >
      <RadixCheckbox.Indicator>
        <Check size="0.75rem" strokeWidth={3} />
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  );
}

interface SegmentedProps<T extends string> {
  label: string;
  value: T;
  options: { value: T; label: string }[];
  onChange: (value: T) => void;
  className?: string;
}

/** Chooses one of a few options, all visible. */
export function Segmented<T extends string>({ label, value, options, onChange, className }: SegmentedProps<T>) {
  return (
    <RadixGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const option = options.find((one) => one.value === next);
        if (option) onChange(option.value);
      }}
      className={cn('inline-flex h-control rounded-md border border-border-strong bg-background p-0.5', className)}
    >
      {options.map((option) => (
        <RadixGroup.Item
          key={option.value}
          value={option.value}
          className="rounded-sm px-2.5 text-muted hover:text-foreground data-[state=on]:bg-selected data-[state=on]:text-foreground"
        >
          {option.label}
        </RadixGroup.Item>
      ))}
    </RadixGroup.Root>
  );
}
