import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { z } from 'zod';
import { type ConsoleHandlers, consoleServices, type Emit } from '#common/contract/console/index.ts';
import { type MethodShape, type ServiceShape, type ToRenderer, toCore } from '#common/contract/console/rpc.ts';
import { AppError, type ErrorBody } from '#common/contract/errors.ts';
import { problemError } from '#common/words/problems.ts';

/** The channel to one renderer. `send` after the channel has closed is not an error. */
export interface RpcChannel {
  send(frame: ToRenderer): void;
  /** Bytes passed to `send` that have not been sent yet; absent if the transport can't tell. */
  backlog?(): number;
  close(reason: string): void;
  onMessage(listener: (frame: unknown) => void): void;
  onClose(listener: () => void): void;
}

export interface RpcServerOptions {
  handlers: ConsoleHandlers;
  log: Logger;
}

/** Maximum number of running calls per renderer. A wall of charts makes about a hundred at once. */
const maxCallsUnderWay = 1_000;
/**
 * Maximum backlog of a renderer, bytes. A renderer with more has stopped reading: it is disconnected, and starts again when it reconnects.
 */
const maxBacklog = 32 * 1024 * 1024;

const shapes = consoleServices as Record<string, ServiceShape>;
type Handler = (input: unknown, signal: AbortSignal) => unknown;

/**
 * Serves the console's services to any number of renderers. Every frame and argument is validated against the contract before a handler
 * gets it. Errors are sent as an `ErrorBody`; unexpected ones are logged and sent as `internal` with an id to look up in the log.
 */
export class RpcServer {
  readonly #options: RpcServerOptions;
  readonly #clients = new Set<Client>();

  constructor(options: RpcServerOptions) {
    this.#options = options;
  }

  attach(channel: RpcChannel): void {
    const client = new Client(channel, this.#options);
    this.#clients.add(client);
    channel.onMessage((frame) => client.receive(frame));
    channel.onClose(() => {
      this.#clients.delete(client);
      client.close();
    });
  }

  /** Sends an event to every renderer that subscribed to it. */
  readonly publish: Emit = (service, event, payload) => {
    for (const client of this.#clients) client.publish(service, event, payload);
  };

  /** Returns whether any renderer listens to an event. */
  isListening(service: keyof ConsoleHandlers, event: string): boolean {
    return [...this.#clients].some((client) => client.isListening(service, event));
  }

  /** Returns the number of attached renderers. */
  get size(): number {
    return this.#clients.size;
  }

  close(): void {
    for (const client of this.#clients) client.drop('The console is closing.');
  }
}

class Client {
  readonly #channel: RpcChannel;
  readonly #handlers: Record<string, Record<string, Handler>>;
  readonly #log: Logger;
  readonly #calls = new Map<number, AbortController>();
  readonly #subscriptions = new Set<string>();
  #hasLogged = false;

  constructor(channel: RpcChannel, { handlers, log }: RpcServerOptions) {
    this.#channel = channel;
    // The input of each handler is validated right before the call.
    this.#handlers = handlers as unknown as Record<string, Record<string, Handler>>;
    this.#log = log;
  }

  receive(raw: unknown): void {
    const frame = toCore.safeParse(raw);
    if (!frame.success) {
      // Logged once per client: a broken one could fill the log.
      if (!this.#hasLogged) this.#log.warn({ problem: frame.error.issues[0]?.message }, 'a renderer sent a frame that is none');
      this.#hasLogged = true;
      return;
    }
    switch (frame.data.kind) {
      case 'call':
        void this.#call(frame.data.id, frame.data.service, frame.data.method, frame.data.input);
        return;
      case 'cancel':
        this.#calls.get(frame.data.id)?.abort();
        return;
      case 'subscribe':
        if (ownShape(frame.data.service, 'events', frame.data.event) !== undefined)
          this.#subscriptions.add(`${frame.data.service}.${frame.data.event}`);
        return;
      case 'unsubscribe':
        this.#subscriptions.delete(`${frame.data.service}.${frame.data.event}`);
    }
  }

  isListening(service: string, event: string): boolean {
    return this.#subscriptions.has(`${service}.${event}`);
  }

  publish(service: string, event: string, payload: unknown): void {
    if (this.isListening(service, event)) this.#send({ kind: 'event', service, event, payload });
  }

  drop(reason: string): void {
    this.#channel.close(reason);
    this.close();
  }

  close(): void {
    this.#subscriptions.clear();
    for (const call of this.#calls.values()) call.abort();
    this.#calls.clear();
  }

  async #call(id: number, service: string, method: string, input: unknown): Promise<void> {
    if (this.#calls.has(id)) return this.drop(`Call ${id} is under way already.`);
    const aborting = new AbortController();
    try {
      if (this.#calls.size >= maxCallsUnderWay) throw problemError('too_many_calls', { count: maxCallsUnderWay });
      this.#calls.set(id, aborting);
      const shape = ownShape(service, 'methods', method);
      if (shape === undefined) throw problemError('call_unknown', { call: `${service}.${method}` });
      const output = await this.#handlers[service]?.[method]?.(this.#parseInput(shape, service, method, input), aborting.signal);
      if (!aborting.signal.aborted) this.#send({ kind: 'result', id, output });
    } catch (error) {
      // A cancelled call gets no answer.
      if (!aborting.signal.aborted) this.#send({ kind: 'error', id, error: this.#toBody(error, service, method) });
    } finally {
      if (this.#calls.get(id) === aborting) this.#calls.delete(id);
    }
  }

  #send(frame: ToRenderer): void {
    if ((this.#channel.backlog?.() ?? 0) > maxBacklog) {
      this.#log.warn({ backlog: this.#channel.backlog?.() }, 'a renderer does not read any more; letting it go');
      this.drop('This window fell too far behind.');
      return;
    }
    this.#channel.send(frame);
  }

  /** Names of calls and fields mean nothing to people, so they are logged, and the field is only part of the error's data. */
  #parseInput(shape: MethodShape, service: string, method: string, input: unknown): unknown {
    const parsed = shape.input.safeParse(input);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.');
    this.#log.warn({ call: `${service}.${method}`, field, problem: issue?.message }, 'a call does not fit the contract');
    throw inputError(issue, field || undefined);
  }

  #toBody(error: unknown, service: string, method: string): ErrorBody {
    const requestId = uuidv7();
    if (error instanceof AppError) return error.toBody(requestId);
    this.#log.error({ err: error, requestId, call: `${service}.${method}` }, 'a call failed unexpectedly');
    return problemError('unexpected', { requestId }).toBody(requestId);
  }
}

/** Returns the error for an invalid input. An issue without a translated text keeps the sentence of its schema. */
function inputError(issue: z.core.$ZodIssue | undefined, field: string | undefined): AppError {
  const more = { field };
  if (issue?.code === 'invalid_type' && issue.input === undefined) return problemError('input_missing', {}, more);
  if (issue?.code === 'too_big' || issue?.code === 'too_small') {
    const [isHigh, limit] = issue.code === 'too_big' ? [true, Number(issue.maximum)] : [false, Number(issue.minimum)];
    if (issue.origin === 'string') return problemError(isHigh ? 'input_too_long' : 'input_too_short', { limit }, more);
    if (issue.origin === 'array') return problemError(isHigh ? 'input_too_many' : 'input_too_few', { limit }, more);
    if (issue.inclusive !== false) return problemError(isHigh ? 'input_too_high' : 'input_too_low', { limit }, more);
  }
  return new AppError('validation_failed', issue?.message ?? 'Something in this request isn’t valid.', more);
}

/** Returns an own property by name, never an inherited one: `toString` is not a method. */
function ownShape(service: string, part: 'methods', name: string): MethodShape | undefined;
function ownShape(service: string, part: 'events', name: string): true | undefined;
function ownShape(service: string, part: 'methods' | 'events', name: string): unknown {
  const shape = Object.hasOwn(shapes, service) ? shapes[service] : undefined;
  if (!shape || !Object.hasOwn(shape[part], name)) return undefined;
  return part === 'events' ? true : shape.methods[name];
}
