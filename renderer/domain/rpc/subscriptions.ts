import type { ToRenderer } from '#common/contract/console/rpc.ts';
import type { RpcPort } from './port.ts';

export type Listener = (payload: unknown) => void;

/** Who listens to which event. The core is asked for an event once, however many listen, and again on a new connection. */
export class Subscriptions {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #port: () => RpcPort | null;

  /** @param port the connection, null while there is none */
  constructor(port: () => RpcPort | null) {
    this.#port = port;
  }

  /** @returns the end of the subscription. */
  readonly add = (service: string, event: string, listener: Listener): (() => void) => {
    const name = `${service}.${event}`;
    const set = this.#listeners.get(name) ?? new Set<Listener>();
    this.#listeners.set(name, set);
    // A fresh function each time, so that one listener given twice is two subscriptions.
    const own: Listener = (payload) => listener(payload);
    set.add(own);
    if (set.size === 1) this.#port()?.send({ kind: 'subscribe', service, event });
    return () => {
      if (set.delete(own) && set.size === 0) this.#port()?.send({ kind: 'unsubscribe', service, event });
    };
  };

  deliver({ service, event, payload }: Extract<ToRenderer, { kind: 'event' }>): void {
    for (const listener of this.#listeners.get(`${service}.${event}`) ?? []) listener(payload);
  }

  /** Asks a new connection for every event that somebody listens to. */
  renew(port: RpcPort): void {
    for (const [name, set] of this.#listeners) if (set.size > 0) port.send({ kind: 'subscribe', ...split(name) });
  }
}

function split(name: string): { service: string; event: string } {
  const dot = name.indexOf('.');
  return { service: name.slice(0, dot), event: name.slice(dot + 1) };
}
