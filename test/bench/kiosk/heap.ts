import type { CDPSession, Page } from 'playwright-core';

/** Memory of one thread of a page after a garbage collection, bytes. */
interface ThreadHeap {
  usedSize: number;
  embedderHeapUsedSize?: number;
  backingStorageSize?: number;
}

/** Looks into a page and its workers from outside: the page itself need not help. */
export class PageHeaps {
  readonly #session: CDPSession;
  readonly #workers = new Set<string>();
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #lastId = 0;

  static async open(page: Page): Promise<PageHeaps> {
    const session = await page.context().newCDPSession(page);
    const heaps = new PageHeaps(session);
    await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return heaps;
  }

  private constructor(session: CDPSession) {
    this.#session = session;
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') this.#workers.add(sessionId);
    });
    session.on('Target.detachedFromTarget', ({ sessionId }) => this.#workers.delete(sessionId));
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
      if (id !== undefined) this.#waiting.get(id)?.(result);
    });
  }

  /** Bytes of scripts, nodes and buffers in the page and in its workers, after a collection. */
  async read(): Promise<{ page: number; workers: number; nodes: number; listeners: number }> {
    await this.#session.send('HeapProfiler.collectGarbage');
    const page = (await this.#session.send('Runtime.getHeapUsage')) as ThreadHeap;
    let workers = 0;
    for (const worker of [...this.#workers]) {
      await this.#askWorker(worker, 'HeapProfiler.collectGarbage');
      workers += sizeOf((await this.#askWorker(worker, 'Runtime.getHeapUsage')) as ThreadHeap | null);
    }
    const { nodes, jsEventListeners } = await this.#session.send('Memory.getDOMCounters');
    return { page: sizeOf(page), workers, nodes, listeners: jsEventListeners };
  }

  /** Null if the worker ends in the meantime. */
  async #askWorker(sessionId: string, method: string): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => resolve(null), 10_000);
    this.#waiting.set(id, resolve);
    try {
      await this.#session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
      return await promise;
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }
}

const sizeOf = (heap: ThreadHeap | null) =>
  heap === null ? 0 : heap.usedSize + (heap.embedderHeapUsedSize ?? 0) + (heap.backingStorageSize ?? 0);
