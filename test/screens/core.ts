import { uuidv7 } from 'uuidv7';
import { type ConsoleHandlers, type ConsoleServices, consoleServices } from '#common/contract/console/index.ts';
import type { ServiceShape, ToCore } from '#common/contract/console/rpc.ts';
import { AppError, type ErrorBody } from '#common/contract/errors.ts';
import type { OpenPort, RpcPortEvents } from '#renderer/domain/rpc/port.ts';

export type Answers = { [S in keyof ConsoleHandlers]?: Partial<ConsoleHandlers[S]> };
type AnyHandler = (input: unknown, signal: AbortSignal) => unknown;

const services = consoleServices as Record<string, ServiceShape>;

/**
 * The core of a console as a screen meets it: the other end of its RPC. It checks every call against the contract, as the real one
 * does, and answers from `answers`. A call that nobody said how to answer fails, and is named in `faults`.
 */
export class FakeCore {
  /** The screen's calls, in order: `alerts.acknowledge` and its parsed input. */
  readonly calls: { name: string; input: unknown }[] = [];
  readonly faults: string[] = [];
  #answers: Answers;
  #link: RpcPortEvents | null = null;
  #reachable = true;
  readonly #running = new Map<number, AbortController>();

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  /** For `createRpc`. */
  readonly open: OpenPort = async (events) => {
    if (!this.#reachable) throw new Error('The core is gone.');
    this.#link = events;
    return { send: (frame) => void this.#receive(frame), close: () => this.breakLink() };
  };

  /** Sets the answers of these methods from now on. */
  answer(answers: Answers): void {
    const merged: Record<string, object> = { ...this.#answers };
    for (const [service, methods] of Object.entries(answers)) merged[service] = { ...merged[service], ...methods };
    this.#answers = merged as Answers;
  }

  emit<S extends keyof ConsoleServices, E extends keyof ConsoleServices[S]['events'] & string>(
    service: S,
    event: E,
    payload: ConsoleServices[S]['events'][E],
  ): void {
    this.#link?.message({ kind: 'event', service, event, payload: structuredClone(payload) });
  }

  /** The window loses its core, as when its process ends; it tries again until `restoreLink`. */
  breakLink(): void {
    this.#reachable = false;
    this.#link?.closed('The core went away.');
    this.#link = null;
  }

  restoreLink(): void {
    this.#reachable = true;
  }

  /** Inputs of the calls of one method, oldest first. */
  callsOf(name: string): unknown[] {
    return this.calls.filter((call) => call.name === name).map(({ input }) => input);
  }

  async #receive(frame: ToCore): Promise<void> {
    if (frame.kind === 'cancel') return this.#running.get(frame.id)?.abort();
    if (frame.kind !== 'call') return;
    const link = this.#link;
    const giveUp = new AbortController();
    this.#running.set(frame.id, giveUp);
    try {
      const output = await this.#run(frame.service, frame.method, frame.input, giveUp.signal);
      link?.message({ kind: 'result', id: frame.id, output: structuredClone(output) });
    } catch (error) {
      link?.message({ kind: 'error', id: frame.id, error: this.#bodyOf(error) });
    } finally {
      this.#running.delete(frame.id);
    }
  }

  async #run(service: string, method: string, given: unknown, signal: AbortSignal): Promise<unknown> {
    const name = `${service}.${method}`;
    const parsed = services[service]?.methods[method]?.input.safeParse(given);
    if (!parsed?.success)
      throw this.#fault(`${name} was called with what the contract refuses: ${parsed?.error.message ?? 'no such method'}`);
    this.calls.push({ name, input: parsed.data });
    const handler = (this.#answers as Record<string, Record<string, AnyHandler>>)[service]?.[method];
    if (handler === undefined) throw this.#fault(`${name} was called, and the test does not say how it answers.`);
    return handler(parsed.data, signal);
  }

  #fault(text: string): AppError {
    this.faults.push(text);
    return new AppError('internal', text);
  }

  #bodyOf(error: unknown): ErrorBody {
    if (!(error instanceof AppError)) return this.#bodyOf(this.#fault(String(error)));
    const { code, message, field, hint, reason, params } = error;
    const more = { field, hint, reason, params };
    return { code, message, requestId: uuidv7(), ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)) };
  }
}
