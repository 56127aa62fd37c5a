import { auth } from '#common/contract/auth.ts';
import { eventStream } from '#common/contract/events.ts';
import { hourMs } from '#common/time/durations.ts';
import type { Engines } from '../../engines/port.ts';
import type { Authenticator } from '../authenticator.ts';
import { type Route, routes, type Service } from '../service.ts';
import { type ApiKeys, makeApiKeys } from './api-keys.ts';
import { makeAuthenticator } from './authenticator.ts';
import { followEvents } from './events.ts';
import { type Checked, healthRoutes } from './health.ts';
import type { SessionEnds } from './session-ends.ts';
import { makeSessions, type SessionOptions, type Sessions } from './sessions.ts';
import { makeUsers, type Users } from './users.ts';

export { makeApiKeys, ownAgentKey } from './api-keys.ts';
export { makeAuthenticator } from './authenticator.ts';
export { healthRoutes } from './health.ts';
export { openSessionEnds, type SessionEnds } from './session-ends.ts';
export { makeUsers } from './users.ts';

const expireEvery = hourMs;

/**
 * The door: who may come in, what they hear, how everything is.
 * @param peers the services whose health the report includes
 * @param ends tells the other processes when sessions end
 */
export function makeGateway(
  engines: Engines<'gateway'>,
  peers: () => readonly Checked[],
  ends: SessionEnds,
  options: SessionOptions,
): Service {
  const { log, bus, now } = engines;
  const users = makeUsers(engines, ends);
  const keys = makeApiKeys(engines, ends);
  const sessions = makeSessions(engines, ends, options);
  let expiry: NodeJS.Timeout | undefined;
  const expire = () => void sessions.expire().catch((error) => log.warn({ err: error }, 'old refresh tokens could not be removed'));
  const service: Service = {
    name: 'gateway',
    routes: [
      ...authRoutes({ users, keys, sessions, authenticator: makeAuthenticator(engines, ends) }),
      ...healthRoutes(engines, () => [service, ...peers()]),
      ...routes(eventStream, {
        subscribe: ({ query, lastEventId, signal }) => followEvents({ bus, now }, lastEventId ?? query.lastEventId, signal),
      }),
    ],
    async start() {
      expire();
      expiry = setInterval(expire, expireEvery).unref();
    },
    async stop() {
      clearInterval(expiry);
    },
    health: () => ({ name: 'gateway', status: 'up' }),
  };
  return service;
}

interface Parts {
  users: Users;
  keys: ApiKeys;
  sessions: Sessions;
  authenticator: Authenticator;
}

function authRoutes({ users, keys, sessions, authenticator }: Parts): Route[] {
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
