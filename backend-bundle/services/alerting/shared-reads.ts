import type { RangeRequest, SignalStore } from '../../engines/signals/port.ts';

type Reads = Pick<SignalStore, 'summarise' | 'query' | 'damaged'>;

/**
 * Reads each window once, however many rules ask for it; for rules that are evaluated at the same time. Rules share the answer, also an
 * error, so they must not modify it.
 */
export class SharedReads implements Reads {
  readonly #store: Reads;
  readonly #answers = new Map<string, Promise<unknown>>();

  constructor(store: Reads) {
    this.#store = store;
  }

  summarise: Reads['summarise'] = (request, options) => this.#once('summarise', request, () => this.#store.summarise(request, options));
  query: Reads['query'] = (request, options) => this.#once('query', request, () => this.#store.query(request, options));
  damaged: Reads['damaged'] = (request) => this.#once('damaged', request, () => this.#store.damaged(request));

  #once<T>(kind: keyof Reads, request: RangeRequest, read: () => Promise<T>): Promise<T> {
    const key = `${kind} ${JSON.stringify(request)}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known as Promise<T>;
    const answer = read();
    this.#answers.set(key, answer);
    return answer;
  }
}
