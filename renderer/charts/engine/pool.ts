import type { ColumnInput } from './column.ts';
import type { FrameAnswer, FrameRequest, FromWorker, ReadAnswer, ToWorker } from './protocol.ts';
import { Deadline, newLifeLock, onLifeEnd } from './watch.ts';

/** The requests of a plot to the worker that holds its points. */
export interface PlotColumns {
  put(id: string, column: ColumnInput): void;
  /** Points before `from`, ms, may be dropped. */
  append(id: string, t: Float64Array<ArrayBuffer>, v: Float64Array<ArrayBuffer>, from: number): void;
  drop(id: string): void;
  /** Asks for a picture. The answer goes to the listener that the plot was opened with. */
  ask(frame: FrameRequest): void;
  /** Resolves without rows if the points were lost before the answer. */
  read(ids: string[], at: number, within: number): Promise<ReadAnswer[]>;
  /** Drops all points and earlier errors of the plot, which then starts again. */
  clear(): void;
  /** Drops everything held for the plot. */
  close(): void;
}

/** The messages to a plot from the worker that holds its points. */
export interface PointsListener {
  answered(answer: FrameAnswer): void;
  /** The worker has died and all points are lost; another one is ready. Pending requests won't be answered. */
  lost(): void;
  /** A request failed, or workers keep dying. */
  failed(error: Error): void;
}

/** A worker that dies this often within `lossesWithinMs` isn't restarted until somebody retries. */
const maxLosses = 3;
const lossesWithinMs = 60_000;
/**
 * Time without an answer after which a worker counts as hung, ms. No picture takes nearly as long, nor does reading a hundred million
 * points.
 */
const deadlineMs = 15_000;

/** One worker and its pending questions. All questions of one turn are sent in one message. */
class PointsWorker {
  #worker: Worker | null = null;
  readonly #listeners = new Map<number, PointsListener>();
  readonly #calls = new Map<number, (message: FromWorker | null) => void>();
  #requests: FrameRequest[] = [];
  #nextCall = 0;
  /** Times at which a worker was lost, ms. */
  #losses: number[] = [];
  #stopWatching: () => void = () => undefined;
  readonly #deadline = new Deadline(deadlineMs, () => {
    if (this.#worker) this.#lose(this.#worker, 'it did not answer');
  });

  constructor() {
    this.#worker = this.#start();
  }

  get plots(): number {
    return this.#listeners.size;
  }

  /** True while a picture is being made. */
  get isAsked(): boolean {
    return this.#deadline.isOpen;
  }

  open(plot: number, listener: PointsListener): PlotColumns {
    this.#listeners.set(plot, listener);
    return {
      put: (id, column) => {
        const { times, values } = column;
        const buffers = [values.buffer, ...(times instanceof Float64Array ? [times.buffer] : [])];
        this.#send({ type: 'put', plot, id, column }, [...new Set(buffers)]);
      },
      append: (id, t, v, from) => this.#send({ type: 'append', plot, id, t, v, from }, [...new Set([t.buffer, v.buffer])]),
      drop: (id) => this.#send({ type: 'drop', plot, id }),
      ask: (frame) => {
        if (this.#requests.length === 0) queueMicrotask(() => this.#flush());
        this.#requests.push(frame);
      },
      read: async (ids, at, within) => {
        const answer = await this.#call((call) => ({ type: 'read', plot, call, ids, at, within }));
        return answer?.type === 'read' ? answer.rows : [];
      },
      clear: () => {
        this.#losses = [];
        this.#send({ type: 'drop', plot });
      },
      close: () => {
        this.#listeners.delete(plot);
        if (this.#worker) this.#send({ type: 'drop', plot });
      },
    };
  }

  warmUp(): void {
    this.#send({ type: 'warm-up' });
  }

  async bytes(): Promise<number> {
    const answer = await this.#call((call) => ({ type: 'bytes', call }));
    return answer?.type === 'bytes' ? answer.bytes : 0;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'charts' });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(worker, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lose(worker, event.message);
    };
    worker.onmessageerror = () => this.#lose(worker, 'an answer could not be read');
    const life = newLifeLock();
    if (life !== null) worker.postMessage({ type: 'live', life } satisfies ToWorker);
    this.#stopWatching = () => undefined;
    return worker;
  }

  #receive(worker: Worker, message: FromWorker): void {
    this.#deadline.heard();
    if (message.type === 'live') {
      this.#stopWatching = onLifeEnd(message.life, () => this.#lose(worker, 'it ended'));
    } else if (message.type === 'frames') {
      if (message.last) this.#deadline.answered();
      deliver(() => {
        for (const answer of message.answers) this.#listeners.get(answer.plot)?.answered(answer);
      });
    } else if (message.type === 'failed') {
      this.#listeners.get(message.plot)?.failed(new Error(message.reason));
    } else {
      this.#deadline.answered();
      this.#calls.get(message.call)?.(message);
      this.#calls.delete(message.call);
    }
  }

  #lose(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    this.#stopWatching();
    this.#deadline.stop();
    worker.terminate();
    this.#worker = null;
    this.#requests = [];
    for (const answer of this.#calls.values()) answer(null);
    this.#calls.clear();
    const now = performance.now();
    this.#losses = [...this.#losses.filter((at) => now - at < lossesWithinMs), now];
    const isOver = this.#losses.length >= maxLosses;
    for (const listener of [...this.#listeners.values()]) {
      if (isOver) listener.failed(new Error(`The worker that draws charts stopped ${maxLosses} times within a minute: ${reason}.`));
      else listener.lost();
    }
  }

  #flush(): void {
    const requests = this.#requests;
    this.#requests = [];
    if (requests.length === 0) return;
    this.#deadline.asked();
    this.#send({ type: 'frames', requests });
  }

  #call(message: (call: number) => ToWorker): Promise<FromWorker | null> {
    const call = this.#nextCall++;
    return new Promise((resolve) => {
      this.#calls.set(call, resolve);
      this.#deadline.asked();
      this.#send(message(call));
    });
  }

  #send(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message, transfer);
  }
}

/**
 * Pictures that wait for those of other workers asked in the same turn, so that all are drawn in one frame: each frame has a fixed cost.
 */
let ready: (() => void)[] = [];
let readyTimer: ReturnType<typeof setTimeout> | undefined;
/** Maximum time to wait for further pictures, ms. */
const gatherMs = 8;

function deliver(draw: () => void): void {
  ready.push(draw);
  if (workers.some((worker) => worker.isAsked)) readyTimer ??= setTimeout(deliverAll, gatherMs);
  else deliverAll();
}

function deliverAll(): void {
  clearTimeout(readyTimer);
  readyTimer = undefined;
  const all = ready;
  ready = [];
  for (const draw of all) draw();
}

/** At least two, so that one can read a large column while the other answers for the charts that are already drawn. */
const maxWorkers = Math.max(2, Math.min(4, Math.floor(navigator.hardwareConcurrency / 2)));
const workers: PointsWorker[] = [];
let nextPlot = 0;

/** Starts the first worker before the first chart needs it. */
export function warmPoints(): void {
  if (workers.length > 0) return;
  const worker = new PointsWorker();
  worker.warmUp();
  workers.push(worker);
}

/** Opens a plot on the worker that has the fewest. Arrays given to it are transferred and can't be used afterwards. */
export function openPoints(listener: PointsListener): { plot: number; points: PlotColumns } {
  const plot = nextPlot++;
  const idle = workers.find((worker) => worker.plots === 0);
  let worker = idle;
  if (!worker && workers.length < maxWorkers) {
    worker = new PointsWorker();
    workers.push(worker);
  }
  worker ??= workers.reduce((least, one) => (one.plots < least.plots ? one : least));
  return { plot, points: worker.open(plot, listener) };
}

/** Returns the memory that workers hold for all plots, bytes. */
export async function heldBytes(): Promise<number> {
  const all = await Promise.all(workers.map((worker) => worker.bytes()));
  return all.reduce((sum, bytes) => sum + bytes, 0);
}
