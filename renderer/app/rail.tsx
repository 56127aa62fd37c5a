import { Link, useRouterState } from '@tanstack/react-router';
import { shortCount } from '#renderer/ui/alerts.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { severityTone } from '#renderer/ui/severity.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { messages } from './messages.ts';
import { keepShared, type Screen, screens } from './screens.ts';
import { useAttention } from './use-attention.ts';

function RailLink({ screen, count }: { screen: Screen; count?: { value: number; tone: string } | undefined }) {
  const t = useText(messages);
  const active = useRouterState({ select: ({ location }) => location.pathname.startsWith(screen.path) });
  const Icon = screen.icon;
  return (
    <Tooltip content={`${t(screen.name)} · g ${screen.letter}`} side="right">
      <Link
        to={screen.path}
        search={keepShared}
        aria-current={active ? 'page' : undefined}
        className={cn(
          'relative flex h-13 flex-col items-center justify-center gap-0.5 rounded-md text-faint hover:bg-hover hover:text-foreground',
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

/** Where one can go. The count beside Alerts is what needs someone, in the colour of the worst. */
export function Rail({ className }: { className?: string }) {
  const t = useText(messages);
  const attention = useAttention();
  const worst = attention[0];
  const count = worst && { value: attention.length, tone: severityTone(worst.severity) };
  return (
    <nav aria-label={t('screens')} className={cn('flex w-18 flex-col gap-1 border-e bg-surface p-1.5', className)}>
      <img src="/icon.svg" alt="" className="mx-auto mt-0.5 mb-2 size-8" />
      {screens.slice(0, -1).map((screen) => (
        <RailLink key={screen.path} screen={screen} count={screen.name === 'alerts' ? count : undefined} />
      ))}
      <span className="flex-1" />
      {screens.slice(-1).map((screen) => (
        <RailLink key={screen.path} screen={screen} />
      ))}
    </nav>
  );
}
