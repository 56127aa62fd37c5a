import { type ConsoleClient, consoleServices } from '#common/contract/console/index.ts';
import type { ServiceShape, ToRenderer } from '#common/contract/console/rpc.ts';
import { type Call, Calls } from './calls.ts';
import type { OpenPort, RpcPort } from './port.ts';
import { type Listener, Subscriptions } from './subscriptions.ts';

const firstRetryMs = 250;
const maxRetryMs = 8_000;

type LinkListener = (state: 'open' | 'closed') => void;

/**
 * The client side of the console's RPC. It keeps one connection open: when that closes, pending calls fail with `unavailable`,
 * subscriptions are kept and renewed, and it reconnects, first after a quarter of a second, then less often.
 */
export class Rpc {
  readonly console: ConsoleClient;
  /** Resolves when the connection first opens. */
  readonly ready: Promise<void>;
  readonly #open: OpenPort;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #linkListeners = new Set<LinkListener>();
  readonly #calls = new Calls();
  readonly #subscriptions = new Subscriptions(() => this.#port);
  #port: RpcPort | null = null;
  #stopped = false;

  constructor(open: OpenPort, wait: (ms: number) => Promise<void> = sleep) {
    this.#open = open;
    this.#wait = wait;
    this.console = makeClient((call, signal) => this.#calls.start(this.#port, call, signal), this.#subscriptions.add);
    this.ready = this.#connect();
  }

  /** Calls the listener with the current state at once, then with every change. */
  onLink(listener: LinkListener): () => void {
    this.#linkListeners.add(listener);
    listener(this.#port ? 'open' : 'closed');
    return () => this.#linkListeners.delete(listener);
  }

  close(): void {
    this.#stopped = true;
    const closing = this.#port;
    this.#lost('The window is closing.');
    closing?.close();
  }

  async #connect(): Promise<void> {
    for (let delay = firstRetryMs; !this.#stopped; delay = Math.min(delay * 2, maxRetryMs)) {
      if (await this.#tryToConnect()) return;
      // The delay is randomized, so that many consoles don't reconnect at the same moment.
      await this.#wait(delay * (0.75 + Math.random() / 2));
    }
  }

  /** @returns true when it is connected */
  async #tryToConnect(): Promise<boolean> {
    // A port may close before `open` has resolved. The attempt then counts as failed.
    let closed: string | null = null;
    let opened: RpcPort | null = null;
    try {
      opened = await this.#open({
        message: (frame) => this.#receive(frame),
        closed: (reason) => {
          closed = reason;
          if (opened !== null && this.#port === opened) this.#lost(reason);
        },
      });
    } catch {
      return false;
    }
    if (this.#stopped) opened.close();
    if (this.#stopped || closed !== null) return false;
    this.#port = opened;
    this.#subscriptions.renew(opened);
    this.#notifyLink();
    return true;
  }

  #receive(frame: ToRenderer): void {
    if (frame.kind === 'alive') return;
    if (frame.kind === 'event') this.#subscriptions.deliver(frame);
    else this.#calls.answer(frame);
  }

  #lost(reason: string): void {
    this.#port = null;
    this.#calls.failAll(reason);
    if (this.#stopped) return;
    this.#notifyLink();
    void this.#connect();
  }

  #notifyLink(): void {
    for (const listener of this.#linkListeners) listener(this.#port ? 'open' : 'closed');
  }
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
