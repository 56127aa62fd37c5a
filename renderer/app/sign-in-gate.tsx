import { Link, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useConnection } from '#renderer/domain/address.ts';
import { places } from '#renderer/domain/places.ts';
import { useConnections } from '#renderer/domain/queries/index.ts';
import { SignInForm } from '#renderer/domain/sign-in.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { defineMessages, useText } from '#renderer/ui/i18n.ts';
import { Empty, ErrorState } from '#renderer/ui/states.tsx';

const messages = defineMessages(
  {
    title: 'Sign in to {name}',
    failed: 'Couldn’t load the connections',
    none: 'No backend is connected yet. Add the address of a Watchfloor backend to see its alerts and charts.',
    add: 'Add a connection',
  },
  {
    title: 'تسجيل الدخول إلى {name}',
    failed: 'تعذر تحميل الاتصالات',
    none: 'لا خادم متصلًا بعد. أضف عنوان خادم Watchfloor لترى تنبيهاته ورسومه.',
    add: 'أضف اتصالًا',
  },
);

/**
 * Shows a screen only once there is a connection that someone has signed in to. After a later sign-out the screen stays visible, marked
 * with its age. Settings are always available, because that is where connections are fixed.
 */
export function SignInGate({ children }: { children: ReactNode }) {
  const t = useText(messages);
  const { data, error, refetch } = useConnections();
  const { connection } = useConnection();
  const inSettings = useRouterState({ select: ({ location }) => location.pathname.startsWith('/settings') });
  if (inSettings) return children;
  if (error && !data) return <ErrorState title={t('failed')} error={error} retry={() => void refetch()} />;
  if (data?.length === 0) {
    return (
      <Empty
        className="h-full"
        action={
          <Button asChild variant="primary">
            <Link {...places.settings('connections')}>{t('add')}</Link>
          </Button>
        }
      >
        {t('none')}
      </Empty>
    );
  }
  if (connection?.state === 'signed-out' && connection.username === null) {
    return (
      <div className="grid h-full place-content-center">
        <section className="w-88 rounded-lg border bg-surface p-6">
          <h1 className="text-lg">{t('title', { name: connection.name })}</h1>
          <p className="text-muted" dir="ltr">
            {connection.url}
          </p>
          <SignInForm connection={connection} />
        </section>
      </div>
    );
  }
  return children;
}
