import type { Engines } from '#backend/engines/port.ts';
import { makePeers } from '#backend/http/peers.ts';
import type { Peers } from '#backend/services/peers.ts';
import type { Service } from '#backend/services/service.ts';

/** Lets the services of a test call one another as those of one process do; any other service does not answer. */
export function makeLocalPeers(engines: Pick<Engines, 'vault' | 'now'>, services: readonly Service[]): Peers {
  return makePeers({
    engines,
    routes: () => services.flatMap(({ routes }) => routes),
    addressOf: ({ path }) => ({ service: path, url: null }),
  });
}
