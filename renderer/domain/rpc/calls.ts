import type { ToRenderer } from '#common/contract/console/rpc.ts';
import { AppError, errorBody } from '#common/contract/errors.ts';
import { problemError } from '#common/words/problems.ts';
import type { RpcPort } from './port.ts';

interface Pending {
  resolve(output: unknown): void;
  reject(error: Error): void;
}
export interface Call {
  service: string;
  method: string;
  input: unknown;
}

const unavailable = (reason: string) => problemError('core_unreachable', {}, { cause: reason });

function toError(error: unknown): AppError {
  const body = errorBody.safeParse(error);
  return body.success ? new AppError(body.data.code, body.data.message, body.data) : problemError('error_unreadable', {});
}

/** The pending calls. A call ends with its answer, its abort signal, or the loss of its connection. */
export class Calls {
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  start(port: RpcPort | null, call: Call, signal?: AbortSignal): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!port) return Promise.reject(unavailable('The link to it is down.'));
    const id = this.#nextId++;
    const answer = Promise.withResolvers<unknown>();
    const abort = () => {
      if (!this.#pending.delete(id)) return;
      port.send({ kind: 'cancel', id });
      answer.reject(signal?.reason);
    };
    this.#pending.set(id, answer);
    signal?.addEventListener('abort', abort, { once: true });
    port.send({ kind: 'call', id, ...call });
    return answer.promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  answer(frame: Extract<ToRenderer, { kind: 'result' | 'error' }>): void {
    const call = this.#pending.get(frame.id);
    this.#pending.delete(frame.id);
    if (frame.kind === 'result') call?.resolve(frame.output);
    else call?.reject(toError(frame.error));
  }

  failAll(reason: string): void {
    for (const call of this.#pending.values()) call.reject(unavailable(reason));
    this.#pending.clear();
  }
}
