import { Sheet } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { type KeyBinding, type KeyScope, useBindings } from '#renderer/ui/keys.ts';
import { Kbd } from '#renderer/ui/parts.tsx';
import { messages } from './messages.ts';

const mac = navigator.platform.startsWith('Mac');
/** Formats a key binding as it is labelled on this keyboard. */
const caps = (keys: string): string =>
  keys
    .replace(/Mod\+(\w)/, (_, letter: string) => `${mac ? '⌘' : 'Ctrl'} ${letter.toUpperCase()}`)
    .replace('Escape', 'Esc')
    .replace('ArrowRight', '→')
    .replace('ArrowLeft', '←');

function Group({ title, bindings }: { title: string; bindings: readonly KeyBinding[] }) {
  if (bindings.length === 0) return null;
  return (
    <section className="mt-4">
      <h3 className="mb-1 text-faint text-sm">{title}</h3>
      <dl>
        {bindings.map((binding) => (
          <div key={`${binding.keys} ${binding.title}`} className="flex h-8 items-center justify-between border-b">
            <dt>{binding.title}</dt>
            <dd>
              <Kbd keys={caps(binding.keys)} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Lists every key that works now. It reads the key map itself, so it can't be out of date. */
export function HelpSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useText(messages);
  const bindings = useBindings().filter((binding) => !binding.hidden);
  const of = (...scopes: KeyScope[]) => bindings.filter((binding) => scopes.includes(binding.scope));
  return (
    <Sheet open={open} onOpenChange={(next) => !next && onClose()} title={t('help')} description={t('helpAbout')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus, the keyboard couldn't scroll a long list */}
      <section aria-label={t('help')} tabIndex={0}>
        <Group title={t('helpScreen')} bindings={of('screen', 'popup')} />
        <Group title={t('helpGlobal')} bindings={of('global')} />
      </section>
    </Sheet>
  );
}
