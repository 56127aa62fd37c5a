import type { ReactNode } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { useConnection } from '#renderer/domain/address.ts';
import { useConsole, useLink } from '#renderer/domain/queries/index.ts';
import { SignInButton } from '#renderer/domain/sign-in.tsx';
import { connectionStatus, type Status, StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { formatTime } from '#renderer/ui/format.ts';
import { type Translate, useText } from '#renderer/ui/i18n.ts';
import { type Preferences, usePreferences } from '#renderer/ui/preferences.tsx';
import { ProblemText } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { messages } from './messages.ts';

function Bar({ status, text, children }: { status: Status; text: string; children?: ReactNode }) {
  return (
    <div role="status" className="hatched-bar flex min-h-10 items-center gap-3 border-b px-4 py-1">
      <StatusSymbol status={status} label={text} size={14} className="whitespace-normal font-medium text-foreground" />
      <span className="flex-1" />
      {children}
    </div>
  );
}

function sentence(t: Translate<keyof (typeof messages)['en']>, one: Connection, preferences: Preferences): string {
  const { name } = one;
  if (one.state === 'signed-out') return t('bannerSignedOut', { name });
  if (one.state === 'incompatible') return t('bannerIncompatible', { name });
  if (one.lastExchangeAt === null) return t('bannerNever', { name });
  return t('bannerOffline', { name, time: formatTime(one.lastExchangeAt, preferences, true) });
}

/** Shows on every screen that the data is not current, with a way to fix it. Renders nothing while everything works. */
export function Banner() {
  const t = useText(messages);
  const preferences = usePreferences();
  const link = useLink();
  const { connections } = useConsole();
  const { connection } = useConnection();
  if (link.state === 'closed') return <Bar status="offline" text={t('bannerLink')} />;
  if (!connection || connection.state === 'live' || (connection.state === 'connecting' && connection.lastExchangeAt === null))
    return <div />;
  return (
    <Bar status={connectionStatus(connection.state)} text={sentence(t, connection, preferences)}>
      {connection.problem && (
        <span className="min-w-0 truncate text-muted text-sm">
          <ProblemText problem={connection.problem} short />
        </span>
      )}
      <Age at={connection.lastExchangeAt} className="text-muted text-sm" />
      {connection.state === 'signed-out' ? (
        <SignInButton connection={connection} />
      ) : (
        <Button size="sm" onClick={() => void connections.retry({ id: connection.id })}>
          {t('tryAgain')}
        </Button>
      )}
    </Bar>
  );
}
