import type { Api } from './api.ts';
import { api } from './api.ts';
import type { CallOf, EndpointShape, ReplyOf } from './endpoint.ts';
import { AppError, errorBody } from './errors.ts';
import { contractHeader, contractVersion, idempotencyHeader } from './version.ts';

export interface ClientOptions {
  /** Origin of the backend, without a trailing slash. */
  baseUrl: string;
  /** Gives the bearer token of the next call, or undefined for none. */
  token?: () => string | undefined | Promise<string | undefined>;
  /** Sent in place of a bearer token by agents. */
  apiKey?: string;
  fetch?: typeof fetch;
  /** Longest wait for an answer, ms. Default 10,000. */
  timeoutMs?: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Repeats of a mutating call under one key are answered with the first answer. */
  idempotencyKey?: string;
}

type Method<E extends EndpointShape> = (
  ...args: unknown extends CallOf<E> ? [call?: Record<string, never>, options?: CallOptions] : [call: CallOf<E>, options?: CallOptions]
) => Promise<ReplyOf<E>>;

export type Client = {
  [R in keyof Api]: { [N in keyof Api[R]]: Api[R][N] extends EndpointShape ? Method<Api[R][N]> : never };
};

/** No answer came: the network failed, or the time was up. Says nothing about whether the call took effect. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The backend asked for patience (429, 503). */
export class RetryLaterError extends AppError {
  /** ms */
  readonly retryAfterMs: number;
  constructor(error: AppError, retryAfterMs: number) {
    super(error.code, error.message, { field: error.field, hint: error.hint, requestId: error.requestId });
    this.retryAfterMs = retryAfterMs;
  }
}

interface AnyCall {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** Builds the address of a call: path parameters filled in, query appended. */
export function addressOf(endpoint: EndpointShape, call: AnyCall): string {
  const path = endpoint.path.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(call.params?.[name])));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Turns an error answer into the error a caller catches. */
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
  const retryAfter = Number(response.headers.get('retry-after'));
  return code === 'rate_limited' || code === 'unavailable' ? new RetryLaterError(error, (retryAfter || 1) * 1000) : error;
}

/**
 * The client of every endpoint, derived from the contract. Replies are validated.
 * @throws AppError as the server answered; UnreachableError when no answer came.
 */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;
  const run = async (endpoint: EndpointShape, call: AnyCall, more: CallOptions): Promise<unknown> => {
    const headers: Record<string, string> = { [contractHeader]: String(contractVersion), accept: 'application/json' };
    const token = await options.token?.();
    if (options.apiKey !== undefined) headers['x-api-key'] = options.apiKey;
    else if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    if (more.idempotencyKey !== undefined) headers[idempotencyHeader] = more.idempotencyKey;
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 10_000);
    let response: Response;
    try {
      response = await send(options.baseUrl + addressOf(endpoint, call), {
        method: endpoint.method,
        headers,
        body: call.body === undefined ? null : JSON.stringify(call.body),
        signal: more.signal ? AbortSignal.any([more.signal, timeout]) : timeout,
        redirect: 'error',
      });
      if (response.status === 204) return undefined;
      if (response.ok) return endpoint.reply.parse(await response.json());
    } catch (cause) {
      if (more.signal?.aborted) throw cause;
      if (cause instanceof TypeError || (cause instanceof DOMException && cause.name === 'TimeoutError')) {
        throw new UnreachableError(`No answer from ${options.baseUrl}.`, { cause });
      }
      throw cause;
    }
    throw await errorFrom(response);
  };
  return Object.fromEntries(
    Object.entries(api).map(([resource, endpoints]) => [
      resource,
      Object.fromEntries(
        Object.entries(endpoints as Record<string, EndpointShape>).map(([name, endpoint]) => [
          name,
          (call: AnyCall = {}, more: CallOptions = {}) => run(endpoint, call, more),
        ]),
      ),
    ]),
  ) as unknown as Client;
}
