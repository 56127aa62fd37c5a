import { auth } from '#common/contract/auth.ts';
import type { Authenticator } from '../authenticator.ts';
import { type Route, routes } from '../service.ts';
import type { ApiKeys } from './api-keys.store.ts';
import type { SessionStore } from './sessions.store.ts';
import type { Users } from './users.store.ts';

interface Parts {
  users: Users;
  keys: ApiKeys;
  sessions: SessionStore;
  authenticator: Authenticator;
}

/** Endpoints of users, sessions and keys. */
export function authRoutes({ users, keys, sessions, authenticator }: Parts): Route[] {
  return routes(auth, {
    login: ({ body, address, signal }) => sessions.login(body.username, body.password, { address, signal }),
    refresh: ({ body }) => sessions.refresh(body.refreshToken),
    logout: ({ body, caller }) => sessions.logout(caller, body.refreshToken),
    me: ({ caller }) => users.get(caller.id),
    identify: ({ body }) => (body.kind === 'bearer' ? authenticator.bearer(body.secret) : authenticator.apiKey(body.secret)),
    sessionEnd: async ({ body }) => ({ end: await authenticator.findEnd(body.caller) }),
    listUsers: async () => ({ items: await users.list() }),
    createUser: ({ body, caller }) => users.create(body, caller),
    updateUser: ({ params, body, caller }) => users.update(params.id, body, caller),
    listApiKeys: async () => ({ items: await keys.list() }),
    createApiKey: ({ body, caller }) => keys.create(body.name, caller),
    deleteApiKey: ({ params, caller }) => keys.remove(params.id, caller),
  });
}
