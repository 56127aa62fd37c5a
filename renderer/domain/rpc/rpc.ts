import { type ConsoleClient, consoleServices } from '#common/contract/console/index.ts';
import type { ServiceShape, ToCore, ToRenderer } from '#common/contract/console/rpc.ts';
import { AppError, errorBody } from '#common/contract/errors.ts';
import { problemError } from '#common/words/problems.ts';

/** One connection to the core, over a MessagePort or a WebSocket. Once closed it stays closed. */
interface RpcPort {
  send(frame: ToCore): void;
  close(): void;
}
export interface RpcPortEvents {
  message(frame: ToRenderer): void;
  /** At most once; `reason` is for people. */
  closed(reason: string): void;
}
/** Opens a connection; resolves when it can carry frames. */
export type OpenPort = (events: RpcPortEvents) => Promise<RpcPort>;

interface Pending {
  resolve(output: unknown): void;
  reject(error: Error): void;
}
type Listener = (payload: unknown) => void;

const firstRetryMs = 250;
const maxRetryMs = 8_000;

export interface Rpc {
  readonly console: ConsoleClient;
  /** Resolves when the link first opens. */
  readonly ready: Promise<void>;
  /** Hears the present state at once, then every change. */
  onLink(listener: (state: 'open' | 'closed') => void): () => void;
  close(): void;
}

/**
 * The client side of the console's RPC. Keeps one connection open for good: when it closes, calls under way fail with
 * `unavailable`, subscriptions are kept and renewed, and it tries again, first after a quarter of a second, then less often.
 */
export function createRpc(open: OpenPort, wait: (ms: number) => Promise<void> = sleep): Rpc {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<Listener>>();
  const linkListeners = new Set<(state: 'open' | 'closed') => void>();
  let port: RpcPort | null = null;
  let nextId = 1;
  let stopped = false;

  const tellLink = () => {
    for (const listener of linkListeners) listener(port ? 'open' : 'closed');
  };

  function receive(frame: ToRenderer): void {
    if (frame.kind === 'alive') return;
    if (frame.kind === 'event') {
      for (const listener of listeners.get(`${frame.service}.${frame.event}`) ?? []) listener(frame.payload);
      return;
    }
    const call = pending.get(frame.id);
    pending.delete(frame.id);
    if (frame.kind === 'result') call?.resolve(frame.output);
    else call?.reject(toError(frame.error));
  }

  function lost(reason: string): void {
    port = null;
    for (const call of pending.values()) call.reject(unavailable(reason));
    pending.clear();
    if (stopped) return;
    tellLink();
    void connect();
  }

  async function connect(): Promise<void> {
    for (let delay = firstRetryMs; !stopped; delay = Math.min(delay * 2, maxRetryMs)) {
      // A port may close before `open` has resolved; then the attempt counts as failed.
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
        for (const [name, set] of listeners) if (set.size > 0) port.send({ kind: 'subscribe', ...split(name) });
        tellLink();
        return;
      }
      // Spread out, so that many screens do not come back at the same moment.
      await wait(delay * (0.75 + Math.random() / 2));
    }
  }

  function call(service: string, method: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const to = port;
    if (!to) return Promise.reject(unavailable('The link to it is down.'));
    const id = nextId++;
    const answer = Promise.withResolvers<unknown>();
    const abort = () => {
      if (!pending.delete(id)) return;
      if (port === to) to.send({ kind: 'cancel', id });
      answer.reject(signal?.reason);
    };
    pending.set(id, answer);
    signal?.addEventListener('abort', abort, { once: true });
    to.send({ kind: 'call', id, service, method, input });
    return answer.promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  function subscribe(service: string, event: string, listener: Listener): () => void {
    const name = `${service}.${event}`;
    const set = listeners.get(name) ?? new Set<Listener>();
    listeners.set(name, set);
    // A fresh function each time, so that one listener given twice is two subscriptions.
    const own: Listener = (payload) => listener(payload);
    set.add(own);
    if (set.size === 1) port?.send({ kind: 'subscribe', service, event });
    return () => {
      if (set.delete(own) && set.size === 0) port?.send({ kind: 'unsubscribe', service, event });
    };
  }

  const console = Object.fromEntries(
    Object.entries(consoleServices as Record<string, ServiceShape>).map(([service, shape]) => [
      service,
      Object.fromEntries([
        ...Object.keys(shape.methods).map((method) => [
          method,
          (input?: unknown, signal?: AbortSignal) => call(service, method, input, signal),
        ]),
        ...Object.keys(shape.events).map((event) => [
          `on${event.charAt(0).toUpperCase()}${event.slice(1)}`,
          (listener: Listener) => subscribe(service, event, listener),
        ]),
      ]),
    ]),
  ) as unknown as ConsoleClient;

  return {
    console,
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

function split(name: string): { service: string; event: string } {
  const dot = name.indexOf('.');
  return { service: name.slice(0, dot), event: name.slice(dot + 1) };
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const unavailable = (reason: string) => problemError('core_unreachable', {}, { cause: reason });

function toError(error: unknown): AppError {
  const body = errorBody.safeParse(error);
  return body.success ? new AppError(body.data.code, body.data.message, body.data) : problemError('error_unreadable', {});
}
