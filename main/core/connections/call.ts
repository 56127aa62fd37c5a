import { uuidv7 } from 'uuidv7';
import type { CallOptions, Client } from '#common/contract/client.ts';
import { UnreachableError } from '#common/contract/client.ts';
import type { Role } from '#common/contract/endpoint.ts';
import { roleAllows } from '#common/contract/endpoint.ts';
import { problemError } from '#common/words/problems.ts';
import type { BackendConnection } from './connection.ts';

/** @throws AppError `forbidden` when the user's role is known to be insufficient */
export function needRole(connection: BackendConnection, needed: Role): void {
  const { role, name } = connection.profile;
  if (role === null || roleAllows(role, needed)) return;
  throw problemError('role_too_low', { connection: name, role, needed });
}

/**
 * Makes a change that can't be queued: it happens now or not at all.
 * @throws AppError `unavailable` when the backend cannot be reached, else as the backend answered
 */
export async function changeNow<T>(
  connection: BackendConnection,
  work: (client: Client, options: CallOptions) => Promise<T>,
  role: Role = 'OPERATOR',
): Promise<T> {
  needRole(connection, role);
  const { name } = connection.profile;
  if (!connection.isLive) {
    throw problemError('change_needs_contact', { connection: name });
  }
  try {
    return await work(connection.client, { idempotencyKey: uuidv7() });
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    throw problemError('change_unanswered', { connection: name }, { cause: error });
  }
}
