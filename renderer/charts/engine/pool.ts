import type { ColumnInput } from './column.ts';
import type { FrameAnswer, FrameAsk, FromWorker, ReadAnswer, ToWorker } from './protocol.ts';

/** What a plot asks of whoever holds its points. */
export interface Points {
  put(id: string, column: ColumnInput): void;
  append(id: string, t: Float64Array<ArrayBuffer>, v: Float64Array<ArrayBuffer>): void;
  drop(id: string): void;
  /** Asks for a picture; answers come to the listener the plot was opened with. */
  ask(frame: FrameAsk): void;
  read(ids: string[], at: number, within: number): Promise<ReadAnswer[]>;
  /** Forgets everything of the plot. */
  close(): void;
}

/** One worker with what it has been asked. All questions of one turn travel in one message. */
class Hand {
  readonly #worker: Worker;
  readonly #listeners = new Map<number, (answer: FrameAnswer) => void>();
  readonly #calls = new Map<number, (message: FromWorker) => void>();
  #asks: FrameAsk[] = [];
  #nextCall = 0;

  constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'charts' });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === 'frames') {
        for (const answer of data.answers) this.#listeners.get(answer.plot)?.(answer);
        return;
      }
      this.#calls.get(data.call)?.(data);
      this.#calls.delete(data.call);
    };
  }

  get plots(): number {
    return this.#listeners.size;
  }

  open(plot: number, listener: (answer: FrameAnswer) => void): Points {
    this.#listeners.set(plot, listener);
    return {
      put: (id, column) => {
        const { times, values } = column;
        const buffers = [values.buffer, ...(times instanceof Float64Array ? [times.buffer] : [])];
        this.#send({ type: 'put', plot, id, column }, [...new Set(buffers)]);
      },
      append: (id, t, v) => this.#send({ type: 'append', plot, id, t, v }, [...new Set([t.buffer, v.buffer])]),
      drop: (id) => this.#send({ type: 'drop', plot, id }),
      ask: (frame) => {
        if (this.#asks.length === 0) queueMicrotask(() => this.#flush());
        this.#asks.push(frame);
      },
      read: async (ids, at, within) => {
        const answer = await this.#call((call) => ({ type: 'read', plot, call, ids, at, within }));
        return answer.type === 'read' ? answer.rows : [];
      },
      close: () => {
        this.#listeners.delete(plot);
        this.#send({ type: 'drop', plot });
      },
    };
  }

  async bytes(): Promise<number> {
    const answer = await this.#call((call) => ({ type: 'bytes', call }));
    return answer.type === 'bytes' ? answer.bytes : 0;
  }

  #flush(): void {
    const asks = this.#asks;
    this.#asks = [];
    this.#send({ type: 'frames', asks });
  }

  #call(message: (call: number) => ToWorker): Promise<FromWorker> {
    const call = this.#nextCall++;
    return new Promise((resolve) => {
      this.#calls.set(call, resolve);
      this.#send(message(call));
    });
  }

  #send(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}

/** Two are enough: one reads a large column while the other answers for the charts that are already there. */
const mostHands = 2;
const hands: Hand[] = [];
let nextPlot = 0;

/** Opens a plot with the worker that has fewest. Arrays given to it are handed over and can't be used afterwards. */
export function openPoints(listener: (answer: FrameAnswer) => void): { plot: number; points: Points } {
  const plot = nextPlot++;
  const idle = hands.find((hand) => hand.plots === 0);
  let hand = idle;
  if (!hand && hands.length < Math.min(mostHands, Math.max(1, navigator.hardwareConcurrency - 1))) {
    hand = new Hand();
    hands.push(hand);
  }
  hand ??= hands.reduce((least, one) => (one.plots < least.plots ? one : least));
  return { plot, points: hand.open(plot, listener) };
}

/** Bytes the workers hold for all plots. */
export async function heldBytes(): Promise<number> {
  const all = await Promise.all(hands.map((hand) => hand.bytes()));
  return all.reduce((sum, bytes) => sum + bytes, 0);
}
