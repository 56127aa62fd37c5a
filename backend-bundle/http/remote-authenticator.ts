import type { Authenticator } from '../services/authenticator.ts';
import { type Peers, serviceCaller } from '../services/peers.ts';

/**
 * Authenticates callers by asking the gateway: for a service in its own process, which sees neither users nor keys. Requests forwarded by
 * the gateway already carry their signed caller.
 * @param onEnded is called when sessions end
 */
export function makeRemoteAuthenticator(peers: Peers, name: string, onEnded: Authenticator['onEnded']): Authenticator {
  const { auth } = peers.as(serviceCaller(name));
  return {
    bearer: (secret) => auth.identify({ body: { kind: 'bearer', secret } }),
    apiKey: (secret) => auth.identify({ body: { kind: 'apiKey', secret } }),
    findEnd: async (caller) => (await auth.sessionEnd({ body: { caller } })).end,
    onEnded,
  };
}
