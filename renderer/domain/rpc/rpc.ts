import { type ConsoleClient, consoleServices } from '#common/contract/console/index.ts';
import type { ServiceShape, ToRenderer } from '#common/contract/console/rpc.ts';
import { type Call, Calls } from './calls.ts';
import type { OpenPort, RpcPort } from './port.ts';
import { type Listener, Subscriptions } from './subscriptions.ts';

const firstRetryMs = 250;
const maxRetryMs = 8_000;

export interface Rpc {
  readonly console: ConsoleClient;
  /** Resolves when the connection first opens. */
  readonly ready: Promise<void>;
  /** Calls the listener with the current state at once, then with every change. */
  onLink(listener: (state: 'open' | 'closed') => void): () => void;
  close(): void;
}

/**
 * Creates the client side of the console's RPC. It keeps one connection open: when that closes, pending calls fail with `unavailable`,
 * subscriptions are kept and renewed, and it reconnects, first after a quarter of a second, then less often.
 */
export function createRpc(open: OpenPort, wait: (ms: number) => Promise<void> = sleep): Rpc {
  const linkListeners = new Set<(state: 'open' | 'closed') => void>();
  let port: RpcPort | null = null;
  let stopped = false;
  const calls = new Calls();
  const subscriptions = new Subscriptions(() => port);

  const tellLink = () => {
    for (const listener of linkListeners) listener(port ? 'open' : 'closed');
  };

  function receive(frame: ToRenderer): void {
    if (frame.kind === 'alive') return;
    if (frame.kind === 'event') subscriptions.deliver(frame);
    else calls.answer(frame);
  }

  function lost(reason: string): void {
    port = null;
    calls.failAll(reason);
    if (stopped) return;
    tellLink();
    void connect();
  }

  async function connect(): Promise<void> {
    for (let delay = firstRetryMs; !stopped; delay = Math.min(delay * 2, maxRetryMs)) {
      // A port may close before `open` has resolved. The attempt then counts as failed.
      let closed: string | null = null;
      let opened: RpcPort | null = null;
      try {
        opened = await open({
          message: receive,
          closed: (reason) => {
            closed = reason;
            if (opened !== null && port === opened) lost(reason);
          },
        });
      } catch {
        closed ??= 'It could not be opened.';
      }
      if (opened && stopped) opened.close();
      else if (opened && closed === null) {
        port = opened;
        subscriptions.renew(port);
        tellLink();
        return;
      }
      // The delay is randomized, so that many consoles don't reconnect at the same moment.
      await wait(delay * (0.75 + Math.random() / 2));
    }
  }

  return {
    console: makeClient((call, signal) => calls.start(port, call, signal), subscriptions.add),
    ready: connect(),
    onLink(listener) {
      linkListeners.add(listener);
      listener(port ? 'open' : 'closed');
      return () => linkListeners.delete(listener);
    },
    close() {
      stopped = true;
      const closing = port;
      lost('The window is closing.');
      closing?.close();
    },
  };
}

/** Creates a function for each method and event in the contract of the console's services. */
function makeClient(
  call: (call: Call, signal?: AbortSignal) => Promise<unknown>,
  subscribe: (service: string, event: string, listener: Listener) => () => void,
): ConsoleClient {
  const clientOf = (service: string, { methods, events }: ServiceShape) => ({
    ...Object.fromEntries(
      Object.keys(methods).map((method) => [method, (input?: unknown, signal?: AbortSignal) => call({ service, method, input }, signal)]),
    ),
    ...Object.fromEntries(
      Object.keys(events).map((event) => [
        `on${event.charAt(0).toUpperCase()}${event.slice(1)}`,
        (listener: Listener) => subscribe(service, event, listener),
      ]),
    ),
  });
  const services = Object.entries(consoleServices as Record<string, ServiceShape>);
  return Object.fromEntries(services.map(([name, shape]) => [name, clientOf(name, shape)])) as unknown as ConsoleClient;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
