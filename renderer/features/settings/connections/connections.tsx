import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { roleName } from '#renderer/domain/permission.ts';
import { useConnections, useConsole } from '#renderer/domain/queries/index.ts';
import { SignInButton } from '#renderer/domain/sign-in.tsx';
import { connectionStatus, StatusSymbol } from '#renderer/domain/status.tsx';
import { words } from '#renderer/domain/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Confirm } from '#renderer/ui/confirm.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Badge } from '#renderer/ui/parts.tsx';
import { Empty, ErrorState, Loading, ProblemText } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { toastError } from '#renderer/ui/toast.tsx';
import { messages } from '../messages.ts';
import { ConnectionSheet } from './connection-sheet.tsx';

interface ItemProps {
  connection: Connection;
  onEdit: () => void;
  onRemove: () => void;
}

function Item({ connection: one, onEdit, onRemove }: ItemProps) {
  const t = useText(messages);
  const common = useText(words);
  const { connections } = useConsole();
  const run = (call: Promise<unknown>) => void call.catch((error: unknown) => toastError(t('actionFailed'), error));
  const who =
    one.username === null || one.role === null ? t('signedOutNow') : t('asUser', { user: one.username, role: roleName(common, one.role) });
  return (
    <li className="border-b py-3">
      <div className="flex items-center gap-3">
        <StatusSymbol status={connectionStatus(one.state)} className="w-28" />
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-2">
            <span className="truncate font-medium">{one.name}</span>
            {one.embedded && <Badge>{t('embedded')}</Badge>}
          </span>
          <span className="flex gap-2 text-muted text-sm">
            <bdi className="truncate">{one.url}</bdi>
            <span className="whitespace-nowrap text-faint">{who}</span>
          </span>
        </span>
        {one.state === 'signed-out' ? (
          <SignInButton connection={one} />
        ) : (
          <Button size="sm" variant="ghost" onClick={() => run(connections.signOut({ id: one.id }))}>
            {t('signOut')}
          </Button>
        )}
        {(one.state === 'offline' || one.state === 'incompatible') && (
          <Button size="sm" onClick={() => run(connections.retry({ id: one.id }))}>
            {t('retry')}
          </Button>
        )}
        {!one.embedded && (
          <>
            <Button size="sm" variant="ghost" onClick={onEdit}>
              {t('edit')}
            </Button>
            <Button size="sm" variant="ghost" onClick={onRemove}>
              {t('remove')}
            </Button>
          </>
        )}
      </div>
      {one.problem && (
        <p className="mt-1 ps-31 text-attention text-sm">
          <ProblemText problem={one.problem} /> · {t('lastExchange')} <Age at={one.lastExchangeAt} />
        </p>
      )}
    </li>
  );
}

/** The backends that this console connects to. */
export function Connections() {
  const t = useText(messages);
  const { connections } = useConsole();
  const { data, error, refetch } = useConnections();
  const [editing, setEditing] = useState<Connection | 'new' | null>(null);
  const [removing, setRemoving] = useState<Connection | null>(null);
  if (error && !data) return <ErrorState title={t('connectionsFailed')} error={error} retry={() => void refetch()} className="px-0" />;
  if (!data) return <Loading className="px-0" />;
  return (
    <>
      {data.length === 0 ? (
        <Empty>{t('connectionsEmpty')}</Empty>
      ) : (
        <ul className="border-t">
          {data.map((one) => (
            <Item key={one.id} connection={one} onEdit={() => setEditing(one)} onRemove={() => setRemoving(one)} />
          ))}
        </ul>
      )}
      <Button className="mt-4" onClick={() => setEditing('new')}>
        <Plus size="0.875rem" />
        {t('addConnection')}
      </Button>
      {editing !== null && <ConnectionSheet connection={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      {removing !== null && (
        <Confirm
          danger
          title={t('removeTitle', { name: removing.name })}
          action={t('remove')}
          onClose={() => setRemoving(null)}
          onConfirm={() => void connections.remove({ id: removing.id }).catch((e: unknown) => toastError(t('actionFailed'), e))}
        >
          {t('removeAbout')}
        </Confirm>
      )}
    </>
  );
}
