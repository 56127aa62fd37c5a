import type { Api } from '#common/contract/api.ts';
import type { Caller } from '#common/contract/auth.ts';
import type { Arguments } from '#common/contract/client.ts';
import type { EndpointShape, ReplyOf } from '#common/contract/endpoint.ts';

export interface PeerOptions {
  /** Cancels the call. Without it the call times out after 5 s. */
  signal?: AbortSignal;
}

/** A method for each endpoint of the contract, in whichever service it is. */
export type PeerCalls = {
  [R in keyof Api]: {
    [N in keyof Api[R]]: Api[R][N] extends EndpointShape
      ? (...args: Arguments<Api[R][N], PeerOptions>) => Promise<ReplyOf<Api[R][N]>>
      : never;
  };
};

/**
 * The other services. A call goes directly to the handler if it is in this process, otherwise over HTTP; both are validated against the
 * contract. Never call from within a transaction: the other service may need the database's only writer.
 */
export interface Peers {
  /**
   * Calls on behalf of a user, whose role is checked, or of the service itself (`serviceCaller`). Each method throws the other service's
   * AppError, or unavailable when it does not answer.
   */
  as(caller: Caller): PeerCalls;
}

/** Returns the caller for a service that acts on its own behalf. It may call endpoints for services, and read what a viewer may. */
export function serviceCaller(name: string): Caller {
  return { id: `service:${name}`, name, role: 'SERVICE' };
}
