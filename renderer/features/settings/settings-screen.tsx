import { z } from 'zod';
import { useAddress } from '#renderer/domain/address.ts';
import { useOutbox, useSystem } from '#renderer/domain/queries/index.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { About } from './about.tsx';
import { Appearance } from './appearance.tsx';
import { Backend } from './backend/backend.tsx';
import { Connections } from './connections/connections.tsx';
import { messages } from './messages.ts';
import { Notifications } from './notifications.tsx';
import { Outbox } from './outbox.tsx';

const parts = [
  { name: 'appearance', Part: Appearance },
  { name: 'notifications', Part: Notifications },
  { name: 'connections', Part: Connections },
  { name: 'backend', Part: Backend },
  { name: 'outbox', Part: Outbox },
  { name: 'about', Part: About },
] as const;
type Name = (typeof parts)[number]['name'];
export const settingsSections = parts.map((part) => part.name) as [Name, ...Name[]];
export const settingsAddress = z.object({ section: z.enum(settingsSections).default('appearance') });

/** The settings, one section at a time; the address names the section. */
export function SettingsScreen() {
  const t = useText(messages);
  const [{ section }, set] = useAddress(settingsAddress);
  const waiting = useOutbox().data?.length ?? 0;
  const warnings = useSystem().data?.warnings.length ?? 0;
  const counts: Partial<Record<Name, number>> = { outbox: waiting, about: warnings };
  const Part = parts.find((part) => part.name === section)?.Part ?? Appearance;
  return (
    <div className="grid h-full grid-cols-[14rem_1fr] max-md:grid-cols-1 max-md:grid-rows-[auto_1fr]">
      <nav
        aria-label={t('sections')}
        className="flex flex-col gap-0.5 border-e p-2 max-md:flex-row max-md:flex-wrap max-md:border-e-0 max-md:border-b"
      >
        <p aria-hidden="true" className="px-2 py-2 font-semibold text-lg max-md:hidden">
          {t('title')}
        </p>
        {parts.map(({ name }) => (
          <button
            key={name}
            type="button"
            aria-current={name === section ? 'page' : undefined}
            onClick={() => set({ section: name })}
            className={cn(
              'flex h-control items-center justify-between rounded-md px-2 text-start text-muted hover:bg-hover hover:text-foreground',
              name === section && 'bg-selected text-foreground',
            )}
          >
            {t(name)}
            {(counts[name] ?? 0) > 0 && <span className="text-attention text-sm">{counts[name]}</span>}
          </button>
        ))}
      </nav>
      <div className="min-h-0 overflow-auto">
        <div className="max-w-3xl p-6 max-md:p-4">
          <h2 className="mb-4 text-xl">{t(section)}</h2>
          <Part />
        </div>
      </div>
    </div>
  );
}
