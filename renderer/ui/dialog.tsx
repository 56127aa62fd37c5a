import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { cn } from './cn.ts';
import { useText } from './i18n.ts';
import { giveFocusBack } from './layer.ts';
import { words } from './words.ts';

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string;
  children: ReactNode;
  /** The buttons, the confirming one last. */
  footer?: ReactNode;
  className?: string;
  /** Hides the heading visually, not from screen readers. */
  bare?: boolean;
}

// The overlay is a plain element: Radix's own injects a <style> that the content security policy refuses, to lock a body
// that never scrolls here.
const Overlay = () => <div aria-hidden="true" className="pop fixed inset-0 z-50 bg-overlay" />;

// Focuses the first field. Without fields no button gets the focus, so that Enter doesn't trigger anything.
function focusFirstField(event: Event) {
  event.preventDefault();
  if (!(event.currentTarget instanceof HTMLElement)) return;
  (event.currentTarget.querySelector<HTMLElement>(':is(input, textarea, select):not([tabindex="-1"])') ?? event.currentTarget).focus();
}

/** Returns focus to where it was when the dialog closes. Dialogs are also opened by keys and menus, so Radix doesn't know the opener. */
function useFocusReturn() {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: (event: Event) => {
      before.current = document.activeElement;
      focusFirstField(event);
    },
    onCloseAutoFocus: (event: Event) => {
      giveFocusBack(event);
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (before.current instanceof HTMLElement) before.current.focus();
    },
  };
}

function Frame({ open, onOpenChange, title, description, children, footer, className, bare = false }: DialogProps) {
  const t = useText(words);
  const focus = useFocusReturn();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Overlay />
        <Radix.Content
          className={cn('pop fixed z-50 flex flex-col border-border-strong bg-raised outline-none', className)}
          {...focus}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className={cn('flex items-start gap-4 px-4 pt-4 pb-2', bare && 'sr-only')}>
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg">{title}</Radix.Title>
              {description !== undefined && <Radix.Description className="mt-1 text-muted">{description}</Radix.Description>}
            </div>
            {!bare && (
              <Radix.Close
                aria-label={t('close')}
                className="grid size-6 place-content-center rounded-md text-faint hover:bg-hover hover:text-foreground"
              >
                <X size="1rem" />
              </Radix.Close>
            )}
          </header>
          <div className={cn('min-h-0 flex-1 overflow-auto', !bare && 'px-4 pb-4')}>{children}</div>
          {footer && <footer className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A modal dialog. */
export function Dialog({ className, ...props }: DialogProps) {
  return (
    <Frame
      {...props}
      className={cn(
        'inset-x-0 top-[12vh] mx-auto max-h-[76vh] w-[min(32rem,calc(100vw-2rem))] overflow-hidden rounded-lg border',
        className,
      )}
    />
  );
}

/** A panel at the side of the window, for content that needs room: a form, the inbox, help. */
export function Sheet({ className, ...props }: DialogProps) {
  return <Frame {...props} className={cn('inset-y-0 end-0 w-[min(28rem,100vw)] border-s', className)} />;
}
