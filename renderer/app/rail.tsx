import { Link, useRouterState } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { shortCount } from '#renderer/domain/alerts.ts';
import { places } from '#renderer/domain/places.ts';
import { severityTone } from '#renderer/domain/severity.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { messages } from './messages.ts';
import { type Screen, screens } from './screens.ts';
import { useAttention } from './use-attention.ts';

interface RailLinkProps {
  screen: Screen;
  /** True for the only link that the Tab key reaches. */
  isStop: boolean;
  count?: { value: number; tone: string } | undefined;
}

function RailLink({ screen, isStop, count }: RailLinkProps) {
  const t = useText(messages);
  const active = useRouterState({ select: ({ location }) => location.pathname.startsWith(screen.path) });
  const Icon = screen.icon;
  return (
    <Tooltip content={`${t(screen.name)} · g ${screen.letter}`} side="right">
      <Link
        {...places.screen(screen.path)}
        aria-current={active ? 'page' : undefined}
        tabIndex={isStop ? 0 : -1}
        className={cn(
          'relative flex h-13 shrink-0 flex-col items-center justify-center gap-0.5 rounded-md text-faint hover:bg-hover hover:text-foreground',
          active && 'bg-selected text-foreground',
        )}
      >
        <Icon size="1.125rem" strokeWidth={1.75} aria-hidden="true" />
        <span className="max-w-full truncate text-[0.625rem] leading-3.5 tracking-tight">{t(screen.name)}</span>
        {count !== undefined && count.value > 0 && (
          <span
            className={cn(
              'absolute end-1.5 top-1 grid h-4 min-w-4 place-content-center rounded-sm bg-current px-1 font-semibold text-xs',
              count.tone,
            )}
          >
            <span className="text-on-severity">{shortCount(count.value)}</span>
          </span>
        )}
      </Link>
    </Tooltip>
  );
}

/** Moves the focus between links: Up, Down, Home and End. */
function moveByArrows(event: KeyboardEvent<HTMLElement>) {
  const links = [...event.currentTarget.querySelectorAll('a')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  links[(next + links.length) % links.length]?.focus();
}

/** The main navigation. The number next to Alerts counts alerts without an owner, in the colour of the most urgent one. */
export function Rail({ className }: { className?: string }) {
  const t = useText(messages);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const stop = screens.find((screen) => path.startsWith(screen.path)) ?? screens[0];
  const attention = useAttention();
  const worst = attention[0];
  const count = worst && { value: attention.length, tone: severityTone(worst.severity) };
  return (
    <nav
      aria-label={t('screens')}
      onKeyDown={moveByArrows}
      className={cn('flex w-18 flex-col gap-1 overflow-y-auto border-e bg-surface p-1.5', className)}
    >
      <img src="/icon.svg" alt="" className="mx-auto mt-0.5 mb-2 size-8" />
      {screens.slice(0, -1).map((screen) => (
        <RailLink key={screen.path} screen={screen} isStop={screen === stop} count={screen.name === 'alerts' ? count : undefined} />
      ))}
      <span className="flex-1" />
      {screens.slice(-1).map((screen) => (
        <RailLink key={screen.path} screen={screen} isStop={screen === stop} />
      ))}
    </nav>
  );
}
