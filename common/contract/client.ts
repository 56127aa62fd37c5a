import type { Api } from './api.ts';
import { api } from './api.ts';
import { arrowMediaType, type CallOf, type EndpointShape, type ReplyOf } from './endpoint.ts';
import { AppError, errorBody } from './errors.ts';
import { callerHeader, contractHeader, contractVersion, idempotencyHeader } from './version.ts';

export interface ClientOptions {
  /** Origin of the backend, without a trailing slash. */
  baseUrl: string;
  /** Returns the bearer token of the next call, or undefined for none. */
  token?: () => string | undefined | Promise<string | undefined>;
  /** API key that agents send instead of a bearer token. */
  apiKey?: string;
  /** Returns the signed caller that a service of the backend sends instead of a bearer token. */
  callerToken?: () => Promise<string>;
  fetch?: typeof fetch;
  /** Time limit for an answer, ms. Default 10,000. */
  timeoutMs?: number;
  /** Maximum time without a byte of a stream, ms. Default 60,000. */
  silenceMs?: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Repeats of a mutating call with the same key get the first reply. */
  idempotencyKey?: string;
}

/** The arguments of a method: the call, if the endpoint has parameters, and options. */
export type Arguments<E extends EndpointShape, O = CallOptions> =
  unknown extends CallOf<E> ? [call?: Record<string, never>, options?: O] : [call: CallOf<E>, options?: O];
/** Resolves when the response starts; the iterator throws UnreachableError when bytes stop arriving. Leaving the loop ends the call. */
type ArrowMethod<E extends EndpointShape> = (...args: Arguments<E>) => Promise<AsyncIterable<Uint8Array>>;
type Method<E extends EndpointShape> = ((...args: Arguments<E>) => Promise<ReplyOf<E>>) &
  (E extends { arrow: true } ? { arrow: ArrowMethod<E> } : unknown);

export type Client = {
  [R in keyof Api]: { [N in keyof Api[R]]: Api[R][N] extends EndpointShape ? Method<Api[R][N]> : never };
};

/** Thrown when there was no answer: the network failed or the call timed out. The call may still have taken effect. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Thrown when the backend asks to retry later (429, 503). */
export class RetryLaterError extends AppError {
  /** ms */
  readonly retryAfterMs: number;
  constructor(error: AppError, retryAfterMs: number) {
    super(error.code, error.message, { field: error.field, hint: error.hint, requestId: error.requestId });
    this.retryAfterMs = retryAfterMs;
  }
}

export interface AnyCall {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** Builds the URL of a call: path parameters filled in, query appended. */
function addressOf(endpoint: EndpointShape, call: AnyCall): string {
  const path = endpoint.path.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(call.params?.[name])));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/**
 * Maximum retry delay that is accepted from a response. A proxy may ask for years, and timers of more than 24.8 days fire at once, which
 * would cause a flood of retries.
 */
const maxRetryAfterSeconds = 3_600;

/** Turns an error response into an error. */
export async function errorFrom(response: Response): Promise<AppError> {
  const text = await response.text();
  let parsed: ReturnType<typeof errorBody.safeParse> | undefined;
  try {
    parsed = errorBody.safeParse(JSON.parse(text));
  } catch {
    parsed = undefined;
  }
  if (!parsed?.success) {
    return new AppError(
      response.status === 503 ? 'unavailable' : 'internal',
      `The server answered ${response.status} without saying why.`,
      {
        hint: 'Check that the address is that of a Watchfloor backend, and what stands between.',
      },
    );
  }
  const { code, message, ...more } = parsed.data;
  const error = new AppError(code, message, more);
  const retryAfter = Math.min(maxRetryAfterSeconds, Math.max(0, Number(response.headers.get('retry-after'))));
  return code === 'rate_limited' || code === 'unavailable' ? new RetryLaterError(error, (retryAfter || 1) * 1000) : error;
}

/**
 * The client of every endpoint, derived from the contract. Replies are validated.
 * @throws AppError as the server answered; UnreachableError when there was no answer
 */
export function createClient(options: ClientOptions): Client {
  const { send, sendForArrow } = openTransport(options);
  return methodsOf((endpoint) => {
    const method = (call: AnyCall = {}, more: CallOptions = {}) => send(endpoint, call, more);
    const arrow = (call: AnyCall = {}, more: CallOptions = {}) => sendForArrow(endpoint, call, more);
    return endpoint.arrow ? Object.assign(method, { arrow }) : method;
  }) as unknown as Client;
}

/** Sends calls of any endpoint over HTTP. */
export interface Transport {
  send(endpoint: EndpointShape, call: AnyCall, options: CallOptions): Promise<unknown>;
  sendForArrow(endpoint: EndpointShape, call: AnyCall, options: CallOptions): Promise<AsyncIterable<Uint8Array>>;
}

export function openTransport(options: ClientOptions): Transport {
  const { timeoutMs = 10_000, silenceMs = 60_000 } = options;
  const failureOf = (cause: unknown, cancelled: AbortSignal | undefined) =>
    cancelled?.aborted || !isNetworkFailure(cause) ? cause : new UnreachableError(`No answer from ${options.baseUrl}.`, { cause });
  const send = async (endpoint: EndpointShape, call: AnyCall, more: CallOptions): Promise<unknown> => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = more.signal ? AbortSignal.any([more.signal, timeout]) : timeout;
    let response: Response;
    try {
      response = await request(options, endpoint, call, { accept: 'application/json', signal, idempotencyKey: more.idempotencyKey });
      // Parsed, so that an empty response is an error if a reply is expected.
      if (response.status === 204) return endpoint.reply.parse(undefined);
      if (response.ok) return endpoint.reply.parse(await response.json());
    } catch (cause) {
      throw failureOf(cause, more.signal);
    }
    throw await errorFrom(response);
  };
  const sendForArrow = async (endpoint: EndpointShape, call: AnyCall, more: CallOptions): Promise<AsyncIterable<Uint8Array>> => {
    const silence = new Silence();
    const signal = more.signal ? AbortSignal.any([more.signal, silence.signal]) : silence.signal;
    let response: Response;
    try {
      response = await silence.within(timeoutMs, request(options, endpoint, call, { accept: arrowMediaType, signal }));
    } catch (cause) {
      throw failureOf(cause, more.signal);
    }
    if (!response.ok) throw await errorFrom(response);
    const { body } = response;
    if (body === null || response.headers.get('content-type') !== arrowMediaType) {
      await body?.cancel();
      throw new AppError('contract_mismatch', `${options.baseUrl} does not answer with a stream of series.`, {
        hint: 'Update the backend to the version of this console.',
      });
    }
    return chunksOf(body, silence, { silenceMs, failureOf: (cause) => failureOf(cause, more.signal) });
  };
  return { send, sendForArrow };
}

/** @param signal cancels the call, including reading the body */
async function request(
  options: ClientOptions,
  endpoint: EndpointShape,
  call: AnyCall,
  { accept, signal, idempotencyKey }: { accept: string; signal: AbortSignal; idempotencyKey?: string | undefined },
): Promise<Response> {
  const headers: Record<string, string> = { [contractHeader]: String(contractVersion), accept };
  const token = await options.token?.();
  if (options.callerToken !== undefined) headers[callerHeader] = await options.callerToken();
  else if (options.apiKey !== undefined) headers['x-api-key'] = options.apiKey;
  else if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  if (idempotencyKey !== undefined) headers[idempotencyHeader] = idempotencyKey;
  return (options.fetch ?? fetch)(options.baseUrl + addressOf(endpoint, call), {
    method: endpoint.method,
    headers,
    body: call.body === undefined ? null : JSON.stringify(call.body),
    signal,
    redirect: 'error',
  });
}

/** Yields the bytes of a body until it ends. */
function chunksOf(
  body: ReadableStream<Uint8Array>,
  silence: Silence,
  { silenceMs, failureOf }: { silenceMs: number; failureOf: (cause: unknown) => unknown },
): AsyncIterable<Uint8Array> {
  const reader = body.getReader();
  return (async function* () {
    try {
      for (;;) {
        const { done, value } = await silence.within(silenceMs, reader.read());
        if (done) return;
        yield value;
      }
    } catch (cause) {
      throw failureOf(cause);
    } finally {
      silence.end();
      await reader.cancel().catch(() => undefined);
    }
  })();
}

/** Builds one method for each endpoint, by resource and name. */
export function methodsOf(make: (endpoint: EndpointShape) => unknown): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(api).map(([resource, endpoints]) => [
      resource,
      Object.fromEntries(Object.entries(endpoints as Record<string, EndpointShape>).map(([name, endpoint]) => [name, make(endpoint)])),
    ]),
  );
}

function isNetworkFailure(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}

/** Ends a call when nothing arrives for too long. */
class Silence {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;

  /** @param ms time limit of `work` */
  async within<T>(ms: number, work: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#controller.abort(new DOMException('Nothing came for too long.', 'TimeoutError')), ms);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Releases the connection when the call is over. */
  end(): void {
    this.#controller.abort(new DOMException('The reader has left.', 'AbortError'));
  }
}
