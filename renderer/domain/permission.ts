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
 * Returns why the person lacks `role` on a connection, as text for `disabledReason`; undefined if they have it.
 * @param online also requires a connected backend, for changes that can't be queued
 */
export function usePermission(connection: Connection | undefined, role: Role, online = false): string | undefined {
  const t = useText(words);
  return refusal(t, connection, role, online);
}

/** Returns a function that gives the reason by connection id, for things of several connections. */
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
