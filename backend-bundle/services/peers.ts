import type { Api } from '#common/contract/api.ts';
import type { Caller } from '#common/contract/auth.ts';
import type { Arguments } from '#common/contract/client.ts';
import type { EndpointShape, ReplyOf } from '#common/contract/endpoint.ts';

export interface PeerOptions {
  /** Ends the waiting. Without it a call gives up after 5 s. */
  signal?: AbortSignal;
}

/** A method for each endpoint of the contract, whichever service answers it. */
export type PeerCalls = {
  [R in keyof Api]: {
    [N in keyof Api[R]]: Api[R][N] extends EndpointShape
      ? (...args: Arguments<Api[R][N], PeerOptions>) => Promise<ReplyOf<Api[R][N]>>
      : never;
  };
};

/**
 * The other services. A call goes straight to the handler where it runs in this process and over HTTP where it does not, checked
 * against the contract either way. Never call from within a transaction: the other service may need the database's one writer.
 */
export interface Peers {
  /**
   * Calls on behalf of a person, whose role decides, or of the service itself (`serviceCaller`).
   * Each method throws AppError as the other service answered, or unavailable when it gave no answer.
   */
  as(caller: Caller): PeerCalls;
}

/** A service that acts for itself, not for a person. It may call what is meant for services, and read what a viewer may. */
export function serviceCaller(name: string): Caller {
  return { id: `service:${name}`, name, role: 'SERVICE' };
}
