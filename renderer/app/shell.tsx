import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { places } from '#renderer/domain/places.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { listenToKeys, useKeys } from '#renderer/ui/keys.ts';
import { Toaster, toast } from '#renderer/ui/toast.tsx';
import { Banner } from './banner.tsx';
import { HelpSheet } from './help.tsx';
import { Inbox } from './inbox.tsx';
import { messages } from './messages.ts';
import { Palette } from './palette.tsx';
import { Popups } from './popups/popups.tsx';
import { Rail } from './rail.tsx';
import { screens } from './screens.ts';
import { SignInGate } from './sign-in-gate.tsx';
import { StatusBar } from './status-bar/status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { useTitle } from './use-title.ts';

type Open = 'palette' | 'help' | 'inbox' | null;

/** The frame around all screens: navigation, status bar and popups. */
export function Shell() {
  const t = useText(messages);
  const navigate = useNavigate();
  const { system } = useConsole();
  const [open, setOpen] = useState<Open>(null);
  const main = useRef<HTMLElement>(null);
  const screen = useScreenName();
  useTitle(screen);
  useEffect(() => listenToKeys(window, (reason) => toast({ message: reason, tone: 'problem', lastsMs: 4_000 })), []);
  useEffect(() => system.onNavigate(({ path }) => void navigate({ to: path })), [system, navigate]);
  useKeys('global', [
    { keys: 'Mod+k', title: t('openPalette'), run: () => setOpen('palette'), inFields: true },
    { keys: '/', title: t('search'), run: () => setOpen('palette') },
    { keys: '?', title: t('help'), run: () => setOpen('help') },
    { keys: 'g i', title: t('goTo', { screen: t('inbox') }), run: () => setOpen('inbox') },
    ...screens.map(({ path, letter, name }) => ({
      keys: `g ${letter}`,
      title: t('goTo', { screen: t(name) }),
      run: () => void navigate(places.screen(path)),
    })),
  ]);
  const close = () => setOpen(null);
  return (
    <div className="grid h-full grid-cols-[auto_1fr] grid-rows-[3rem_auto_1fr_auto]">
      <SkipLink onSkip={() => main.current?.focus()} />
      <Rail className="row-span-4" />
      <TopBar onSearch={() => setOpen('palette')} onInbox={() => setOpen('inbox')} />
      <Banner />
      <main ref={main} id="content" tabIndex={-1} className="min-h-0 min-w-0 overflow-hidden">
        {screen !== undefined && <h1 className="sr-only">{screen}</h1>}
        <SignInGate>
          <Outlet />
        </SignInGate>
      </main>
      <StatusBar onHelp={() => setOpen('help')} />
      <Palette open={open === 'palette'} onClose={close} onHelp={() => setOpen('help')} onInbox={() => setOpen('inbox')} />
      <HelpSheet open={open === 'help'} onClose={close} />
      <Inbox open={open === 'inbox'} onClose={close} />
      <Popups />
      <Toaster />
    </div>
  );
}

/** A link past the navigation, the first element the Tab key reaches. Visible only while focused. */
function SkipLink({ onSkip }: { onSkip: () => void }) {
  const t = useText(messages);
  return (
    // biome-ignore lint/a11y/useValidAnchor: it links to a place on this page, which must not change the address
    <a
      href="#content"
      onClick={(event) => {
        // The address describes the screen, so it must not change.
        event.preventDefault();
        onSkip();
      }}
      className="sr-only focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-60 focus:rounded-md focus:border focus:bg-raised focus:px-3 focus:py-2"
    >
      {t('skip')}
    </a>
  );
}

/** Returns the name of the current screen; undefined if the address matches none. */
function useScreenName(): string | undefined {
  const t = useText(messages);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const screen = screens.find((one) => path.startsWith(one.path));
  return screen && t(screen.name);
}
