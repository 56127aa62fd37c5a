import type { Authenticator } from '../services/authenticator.ts';
import { type Peers, serviceCaller } from '../services/peers.ts';

/**
 * Asks the gateway who a caller is: for a service in a process of its own, which sees neither users nor keys. What comes through
 * the gateway names its caller and is not asked about again.
 * @param onEnded hears when sessions end
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
