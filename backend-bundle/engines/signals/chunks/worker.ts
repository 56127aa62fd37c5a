import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import type { Interval } from '#common/time/intervals.ts';
import type { WorkerReply, WorkerRequest } from '#common/workers/client.ts';
import { tookTooLong } from '../limits.ts';
import type { RangeRequest, SeriesExtremes, SeriesPoints } from '../port.ts';
import type { Damage } from './damage.ts';
import type { PackedWrites } from './message.ts';
import { DamagedFileError } from './row-crc.ts';
import { openSeriesFile } from './series-file.ts';
import type { ChunkSignals, ChunkSignalsOptions } from './signals.ts';
import { type Sliced, Slices } from './slices.ts';
import { isDamage, isDiskFull } from './verify.ts';

/** Runs one ChunkSignals in a worker. It receives Request and sends Reply messages. */
export type Reads = Pick<
  ChunkSignals,
  'records' | 'query' | 'columns' | 'estimate' | 'summarise' | 'series' | 'metricSeries' | 'remove' | 'figures'
>;
export type Methods = {
  append(writes: PackedWrites): number[] | undefined;
  expire(before: number): number;
  damage(): { found: Damage[]; aside: string | null };
  unstored(): number;
  damaged(range: RangeRequest): Interval[];
  close(): void;
} & { [M in keyof Reads]: (...args: Parameters<Reads[M]>) => Reads[M] extends (...args: never[]) => Sliced<infer T> ? T : never };
export interface StoreCall {
  method: keyof Methods;
  args: unknown[];
  /** Time limit of reads, ms. */
  timeoutMs: number;
}
type Request = WorkerRequest<StoreCall>;
type Reply = WorkerReply<StoreFailure>;
export interface StoreFailure {
  code: AppError['code'];
  message: string;
  hint?: string | undefined;
  field?: string | undefined;
}
export interface WorkerData extends Pick<ChunkSignalsOptions, 'maxPointsRead'> {
  file: string;
  /** Why the file is known to be damaged, if it is; it is then set aside. */
  damage?: string | undefined;
}

if (!parentPort) throw new Error('This file runs as a worker.');
const port = parentPort;
const { file, damage, ...options } = workerData as WorkerData;
const signals = openSeriesFile(file, options, damage);
/** Reads run in turns, so that writes and short reads can run in between. */
const slices = new Slices();

/** Hours sealed at a time. This takes a few ms, so a query never waits long. */
const sealedAtOnce = 50;
/** Delay before the next hours are sealed, ms: when none are due, while requests arrive, and when idle. */
const waits = { done: 1_000, busy: 100, idle: 0 };
/** How long after the last request the worker counts as idle, ms. */
const idleAfterMs = 50;
let requestedAt = -Infinity;

let maintenance = setTimeout(maintain, waits.done);

/** Seals hours that are due and continues deletions, then schedules itself again. */
function maintain(): void {
  let isMoreDue = false;
  try {
    isMoreDue = signals.store.seal(sealedAtOnce) === sealedAtOnce;
  } catch (error) {
    // Nothing is lost, because the points are still in the log. It is retried after a second, and the health report shows it until it
    // succeeds.
    endIfDamaged(error);
    signals.store.damage.add('points written but not sealed', error);
  }
  try {
    // Usually there is nothing to do: the deleting call continues by itself. Deletions that a full disk stopped continue here.
    signals.store.removeMore();
  } catch (error) {
    endIfDamaged(error);
    signals.store.damage.add('points deleted in part', error);
  }
  const isIdle = slices.isEmpty && performance.now() - requestedAt > idleAfterMs;
  maintenance = setTimeout(maintain, isMoreDue ? (isIdle ? waits.idle : waits.busy) : waits.done);
}

/** Ends this worker if the error means damage: the next one sets the file aside and saves the intact rows. */
function endIfDamaged(error: unknown): void {
  if (!isDamage(error)) return;
  // Deferred until the replies have been sent.
  setImmediate(() => {
    throw new DamagedFileError(error instanceof Error ? error.message : String(error));
  });
}

const own: Pick<Methods, 'expire' | 'damage' | 'unstored' | 'damaged' | 'close'> = {
  expire: (before) => signals.store.expire(before),
  damage: () => ({ found: signals.store.damage.all, aside: signals.store.damage.aside }),
  unstored: () => signals.store.unstored.size,
  damaged: (range) => signals.damaged(range),
  close: () => {
    clearTimeout(maintenance);
    signals.store.close();
    // Deferred until the reply has been sent.
    setImmediate(() => port.close());
  },
};

type Append = Exclude<Request, { cancel: number }> & { args: Parameters<Methods['append']> };
const isAppend = (request: Request | undefined): request is Append =>
  request !== undefined && 'method' in request && request.method === 'append';

port.on('message', (first: Request) => {
  requestedAt = performance.now();
  for (let request: Request | undefined = first; request; ) {
    if (!isAppend(request)) {
      take(request);
      return;
    }
    // Waiting writes share one transaction, and so one wait for the disk.
    const group: Append[] = [request];
    let next: Request | undefined;
    while (group.length < 256) {
      next = (receiveMessageOnPort(port) as { message: Request } | undefined)?.message;
      if (!isAppend(next)) break;
      group.push(next);
      next = undefined;
    }
    store(group);
    request = next;
  }
});

function store(group: readonly Append[]): void {
  try {
    const ids = signals.append(group.map(({ args: [writes] }) => writes));
    for (const [i, { id }] of group.entries()) {
      // Only the numbers of series given by name are returned; the caller knows the others.
      const hasNamedSeries = group[i]?.args[0].series.some((series) => typeof series !== 'number');
      port.postMessage((hasNamedSeries ? { id, value: ids[i] } : { id }) satisfies Reply);
    }
  } catch (error) {
    // One of them may be the cause: each is retried alone and succeeds or fails by itself.
    if (group.length === 1) answer(group[0]?.id ?? 0, { error });
    else for (const call of group) store([call]);
  }
}

function take(request: Request): void {
  if ('cancel' in request) {
    slices.cancel(request.cancel);
    return;
  }
  const { id, method, args, timeoutMs } = request;
  if (method in own) {
    try {
      answer(id, { value: (own[method as keyof typeof own] as (...args: unknown[]) => unknown)(...args) });
    } catch (error) {
      answer(id, { error });
    }
    return;
  }
  const begin = signals[method as keyof Reads] as (...args: unknown[]) => Sliced<unknown>;
  slices.start({
    id,
    work: begin.apply(signals, args),
    deadline: performance.now() + timeoutMs,
    late: () => tookTooLong(timeoutMs),
    end: (result) => answer(id, result),
  });
}

function answer(id: number, result: { value: unknown } | { error: unknown }): void {
  if ('error' in result) port.postMessage({ id, failure: describe(result.error) } satisfies Reply);
  else port.postMessage({ id, value: result.value } satisfies Reply, buffersOf(result.value));
}

/** Returns the buffers of columns, which are transferred, not copied. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (!Array.isArray(value)) return [];
  const buffers = new Set<ArrayBuffer>();
  for (const line of value as (SeriesPoints | SeriesExtremes)[]) {
    for (const column of Object.values(line)) if (ArrayBuffer.isView(column)) buffers.add(column.buffer as ArrayBuffer);
  }
  return [...buffers];
}

function describe(error: unknown): StoreFailure {
  endIfDamaged(error);
  if (isDamage(error)) {
    const hint = 'It is set aside and its intact points are saved automatically; try again shortly.';
    return { code: 'unavailable', message: `The series file is damaged: ${message(error)}`, hint };
  }
  if (error instanceof AppError) return { code: error.code, message: error.message, hint: error.hint, field: error.field };
  if (isDiskFull(error)) {
    const hint = 'Free some space; what is buffered is delivered again.';
    return { code: 'disk_full', message: 'The disk is full: the points were not stored.', hint };
  }
  if (String((error as { code?: unknown }).code).startsWith('SQLITE_')) {
    signals.store.damage.add('series file', error);
    const hint = 'Check the disk, or restore the file from a backup.';
    return { code: 'unavailable', message: `The series file cannot be read or written: ${message(error)}`, hint };
  }
  return { code: 'internal', message: message(error) };
}

const message = (error: unknown) => (error instanceof Error ? error.message : String(error));
