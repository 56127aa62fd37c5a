import { useCallback } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { type Role, roleAllows } from '#common/contract/endpoint.ts';
import { type Translate, useText } from '#renderer/ui/i18n.ts';
import { useConnections } from './queries/index.ts';
import { words } from './words.ts';

const roleWord = { VIEWER: 'roleViewer', OPERATOR: 'roleOperator', ADMIN: 'roleAdmin' } as const;

export function roleName(t: Translate<(typeof roleWord)[Role]>, role: Role): string {
  return t(roleWord[role]);
}

/**
 * Why the person can't do something that needs `role` on a connection, in words for `disabledReason`; undefined when they can.
 * @param online also ask for a backend that answers: for what can't be queued.
 */
export function usePermission(connection: Connection | undefined, role: Role, online = false): string | undefined {
  const t = useText(words);
  return refusal(t, connection, role, online);
}

/** As `usePermission`, for things of several connections: the reason by the id of the connection. */
export function usePermissions(role: Role): (connectionId: string) => string | undefined {
  const t = useText(words);
  const connections = useConnections().data;
  return useCallback(
    (connectionId) =>
      refusal(
        t,
        connections?.find((one) => one.id === connectionId),
        role,
      ),
    [t, connections, role],
  );
}

type Word = keyof (typeof words)['en'];
function refusal(t: Translate<Word>, connection: Connection | undefined, role: Role, online = false): string | undefined {
  if (!connection || connection.role === null) return t('notSignedIn');
  if (!roleAllows(connection.role, role)) {
    return `${t('needsRole', { role: roleName(t, role) })} ${t('youAre', { role: roleName(t, connection.role) })}`;
  }
  if (online && connection.state !== 'live') return t('needsBackend');
  return undefined;
}
