import { auth } from '#common/contract/auth.ts';
import type { Authenticator } from '../authenticator.ts';
import { type Route, routes } from '../service.ts';
import type { ApiKeys } from './api-keys.ts';
import type { Sessions } from './sessions.ts';
import type { Users } from './users.ts';

interface Parts {
  users: Users;
  keys: ApiKeys;
  sessions: Sessions;
  authenticator: Authenticator;
}

/** Endpoints of users, sessions and keys. */
export function authRoutes({ users, keys, sessions, authenticator }: Parts): Route[] {
  return routes(auth, {
    login: ({ body, address, signal }) => sessions.login(body.username, body.password, { address, signal }),
    refresh: ({ body }) => sessions.refresh(body.refreshToken),
    logout: ({ body, caller, commit }) => sessions.logout(caller, body.refreshToken, commit),
    me: ({ caller }) => users.get(caller.id),
    identify: ({ body }) => (body.kind === 'bearer' ? authenticator.bearer(body.secret) : authenticator.apiKey(body.secret)),
    sessionEnd: async ({ body }) => ({ end: await authenticator.findEnd(body.caller) }),
    listUsers: async () => ({ items: await users.list() }),
    createUser: ({ body, caller, commit }) => users.create(body, caller, commit),
    updateUser: ({ params, body, caller, commit }) => users.update(params.id, body, caller, commit),
    listApiKeys: async () => ({ items: await keys.list() }),
    createApiKey: ({ body, caller, commit }) => keys.create(body.name, caller, commit),
    deleteApiKey: ({ params, caller, commit }) => keys.remove(params.id, caller, commit),
  });
}
