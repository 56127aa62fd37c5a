import { eventStream } from '#common/contract/events.ts';
import { hourMs } from '#common/time/durations.ts';
import type { Engines } from '../../engines/port.ts';
import { routes, type Service } from '../service.ts';
import { makeApiKeys } from './api-keys.ts';
import { makeAuthenticator } from './authenticator.ts';
import { followEvents } from './events.ts';
import { authRoutes } from './gateway.routes.ts';
import { type Checked, healthRoutes } from './health.ts';
import type { SessionEnds } from './session-ends.ts';
import { type SessionLimits, Sessions } from './sessions.ts';
import { Users } from './users.ts';

export { makeApiKeys, ownAgentKey } from './api-keys.ts';
export { makeAuthenticator } from './authenticator.ts';
export { healthRoutes } from './health.ts';
export { openSessionEnds, type SessionEnds } from './session-ends.ts';
export { Users } from './users.ts';

const expireEvery = hourMs;

/**
 * The gateway: authentication, the event stream and the health report.
 * @param peers the services whose health the report includes
 * @param ends notifies the other processes when sessions end
 */
export function makeGateway(
  engines: Engines<'gateway'>,
  peers: () => readonly Checked[],
  ends: SessionEnds,
  options: SessionLimits,
): Service {
  const { log, bus, now } = engines;
  const users = new Users(engines, ends);
  const keys = makeApiKeys(engines, ends);
  const sessions = new Sessions(engines, ends, options);
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
