import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { roleName } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useBackend, useConsole } from '#renderer/domain/queries/index.ts';
import { SignInButton } from '#renderer/domain/sign-in.tsx';
import { connectionStatus, StatusSymbol } from '#renderer/domain/status.tsx';
import { words } from '#renderer/domain/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { formatDuration, formatLatency, formatTime } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ProblemText } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { toastError } from '#renderer/ui/toast.tsx';
import { messages } from '../messages.ts';
import { StatusItem } from './status-item.tsx';

const explanation = {
  live: 'explainLive',
  connecting: 'explainConnecting',
  offline: 'explainOffline',
  'signed-out': 'explainSignedOut',
  incompatible: 'explainIncompatible',
} as const;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 truncate text-end">{children}</dd>
    </>
  );
}

function ConnectionFacts({ connection: one }: { connection: Connection }) {
  const t = useText(messages);
  const common = useText(words);
  const { language } = usePreferences();
  return (
    <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      <Fact name={t('address')}>
        <bdi>{one.url}</bdi>
      </Fact>
      <Fact name={t('lastExchange')}>
        <Age at={one.lastExchangeAt} />
      </Fact>
      {one.latencyMs !== null && (
        <Fact name={t('roundTrip')}>
          <bdi>{formatLatency(one.latencyMs, language)}</bdi>
        </Fact>
      )}
      {one.clockSkewMs !== null && Math.abs(one.clockSkewMs) >= 1_000 && (
        <Fact name={t('clockSkew')}>{formatDuration(Math.abs(one.clockSkewMs), language)}</Fact>
      )}
      {one.username !== null && (
        <Fact name={t('user')}>
          {one.username}
          {one.role !== null && ` · ${roleName(common, one.role)}`}
        </Fact>
      )}
      {one.backendVersion !== null && <Fact name={t('version')}>{one.backendVersion}</Fact>}
    </dl>
  );
}

/** The button that fixes the connection's current state. */
function Fix({ connection }: { connection: Connection }) {
  const t = useText(messages);
  const { connections, backend } = useConsole();
  const launched = useBackend().data;
  const down =
    connection.embedded && launched?.managed && launched.parts.some((part) => part.name === 'backend' && part.state !== 'running');
  if (connection.state === 'signed-out') return <SignInButton connection={connection} />;
  if (down) {
    return (
      <Button size="sm" onClick={() => void backend.start().catch((error: unknown) => toastError(t('startBackend'), error))}>
        {t('startBackend')}
      </Button>
    );
  }
  if (connection.state === 'live') return null;
  return (
    <Button size="sm" onClick={() => void connections.retry({ id: connection.id })}>
      {t('tryAgain')}
    </Button>
  );
}

/** One connection: its state and lag in the bar. A click explains the state and offers a fix. */
export function ConnectionItem({ connection: one }: { connection: Connection }) {
  const t = useText(messages);
  const preferences = usePreferences();
  const live = one.state === 'live';
  return (
    <StatusItem
      label={
        <>
          <StatusSymbol status={connectionStatus(one.state)} bare {...(live ? {} : { className: 'font-medium' })} />
          <span>{one.name}</span>
          <span className={live ? 'text-faint' : 'text-attention'}>
            {live
              ? one.latencyMs === null
                ? ''
                : formatLatency(one.latencyMs, preferences.language)
              : t('since', { time: formatTime(one.lastExchangeAt ?? one.since, preferences) })}
          </span>
        </>
      }
    >
      <StatusSymbol status={connectionStatus(one.state)} className="font-medium text-foreground" />
      <p className="mt-1 text-muted">{t(explanation[one.state])}</p>
      {one.problem && (
        <p className="mt-2 text-attention">
          <ProblemText problem={one.problem} />
        </p>
      )}
      <ConnectionFacts connection={one} />
      <div className="mt-3 flex gap-2">
        <Fix connection={one} />
        <Button asChild size="sm" variant="ghost">
          <Link {...places.settings('connections')}>{t('openSettings')}</Link>
        </Button>
      </div>
    </StatusItem>
  );
}
