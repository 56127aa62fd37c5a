import { uuidv7 } from 'uuidv7';
import type { z } from 'zod';
import { type AnyCall, methodsOf, openTransport, UnreachableError } from '#common/contract/client.ts';
import type { EndpointShape } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Engines } from '../engines/port.ts';
import type { PeerCalls, PeerOptions, Peers } from '../services/peers.ts';
import { type Caller, commitUnrecorded, type Route } from '../services/service.ts';
import { checkRole } from './access.ts';
import { signCaller } from './caller-token.ts';
import { checkPart } from './validation.ts';

/** Time limit of a call to another service, ms. */
const timeoutMs = 5_000;

/** The process that serves an endpoint. */
export interface PeerAddress {
  service: string;
  /** Origin, without a trailing slash; null when it is not configured. */
  url: string | null;
}

export interface PeersOptions {
  engines: Pick<Engines, 'vault' | 'now'>;
  /** Routes of the services in this process. A function, because services and their peers are created in any order. */
  routes: () => readonly Route[];
  addressOf: (endpoint: EndpointShape) => PeerAddress;
}

/** Calls services of this process directly, and others over HTTP. */
export function makePeers({ engines, routes, addressOf }: PeersOptions): Peers {
  return {
    as(caller) {
      const methods = methodsOf((endpoint) => (call: AnyCall = {}, options: PeerOptions = {}) => {
        const route = routes().find((one) => one.endpoint === endpoint);
        return route === undefined ? callRemote(endpoint, call, options) : callDirectly(route, caller, call, options);
      });
      // One client per address and call, because its requests are signed for this caller.
      const callRemote = (endpoint: EndpointShape, call: AnyCall, options: PeerOptions) =>
        sendTo(addressOf(endpoint), endpoint, call, options, () => signCaller(engines.vault.tokenKey, caller, engines.now()));
      return methods as unknown as PeerCalls;
    },
  };
}

/** Validates the request and the reply as HTTP would. */
async function callDirectly({ endpoint, handler }: Route, caller: Caller, call: AnyCall, { signal }: PeerOptions): Promise<unknown> {
  checkRole(caller, endpoint);
  const request = {
    params: endpoint.params && parsed(endpoint.params, 'params', call.params),
    query: endpoint.query && parsed(endpoint.query, 'querystring', call.query ?? {}),
    body: endpoint.body && parsed(endpoint.body, 'body', call.body),
    caller,
    commit: commitUnrecorded,
    requestId: uuidv7(),
    address: '',
    signal: signal ?? AbortSignal.timeout(timeoutMs),
  };
  return endpoint.reply.parse(await handler(request as never));
}

/** @throws AppError validation_failed */
function parsed(schema: z.ZodType, part: 'params' | 'querystring' | 'body', data: unknown): unknown {
  const checked = checkPart(schema, part, data);
  if ('error' in checked) throw checked.error;
  return checked.value;
}

/** @throws AppError as the service answered; unavailable when it did not answer */
async function sendTo(
  { service, url }: PeerAddress,
  endpoint: EndpointShape,
  call: AnyCall,
  options: PeerOptions,
  callerToken: () => Promise<string>,
): Promise<unknown> {
  if (url === null) {
    throw new AppError('unavailable', `This process has no address for the  service.`, {
      hint: `Name “${service}”, or “gateway”, in WATCHFLOOR_SERVICE_URLS of every service.`,
    });
  }
  try {
    return await openTransport({ baseUrl: url, callerToken, timeoutMs }).send(endpoint, call, options);
  } catch (error) {
    const isCut = options.signal?.aborted === true;
    if (!(error instanceof UnreachableError) && !isCut) throw error;
    throw new AppError('unavailable', `The ${service} service does not answer.`, { hint: `Check that it runs at ${url}.`, cause: error });
  }
}
