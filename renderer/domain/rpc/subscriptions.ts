import type { ToRenderer } from '#common/contract/console/rpc.ts';
import type { RpcPort } from './port.ts';

export type Listener = (payload: unknown) => void;

/** Tracks the listeners of events. Each event is subscribed to once, however many listen, and again on a new connection. */
export class Subscriptions {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #port: () => RpcPort | null;

  /** @param port returns the connection, or null while there is none */
  constructor(port: () => RpcPort | null) {
    this.#port = port;
  }

  /** @returns a function that ends the subscription */
  readonly add = (service: string, event: string, listener: Listener): (() => void) => {
    const name = `${service}.${event}`;
    const set = this.#listeners.get(name) ?? new Set<Listener>();
    this.#listeners.set(name, set);
    // A new function each time, so that adding a listener twice makes two subscriptions.
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

  /** Subscribes to all events in use on a new connection. */
  renew(port: RpcPort): void {
    for (const [name, set] of this.#listeners) if (set.size > 0) port.send({ kind: 'subscribe', ...split(name) });
  }
}

function split(name: string): { service: string; event: string } {
  const dot = name.indexOf('.');
  return { service: name.slice(0, dot), event: name.slice(dot + 1) };
}
