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

/** Runs one ChunkSignals. Messages in: Request; out: Reply. */
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
  /** Reads are stopped after this long, ms. */
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
  /** Why the file is known to be damaged; it is set aside then. */
  damage?: string | undefined;
}

if (!parentPort) throw new Error('This file runs as a worker.');
const port = parentPort;
const { file, damage, ...options } = workerData as WorkerData;
const signals = openSeriesFile(file, options, damage);
/** Reads run in turns, so that writes, and reads that take little, come in between. */
const slices = new Slices();

/** Hours sealed at a time, which takes a few ms: a query never waits long behind them. */
const sealedAtOnce = 50;
/** Waits before the next hours are sealed, ms: when none are due, while requests come, and when nobody asks for anything. */
const waits = { done: 1_000, busy: 100, idle: 0 };
/** The worker counts as idle this long after the last request, ms. */
const idleAfterMs = 50;
let requestedAt = -Infinity;

let upkeep = setTimeout(keepUp, waits.done);

/** Seals what is due and goes on with deletions, then schedules itself again. */
function keepUp(): void {
  let isMoreDue = false;
  try {
    isMoreDue = signals.store.seal(sealedAtOnce) === sealedAtOnce;
  } catch (error) {
    // Nothing is lost, since the log still has it; the next second tries again, and until it works the report says so.
    endIfDamaged(error);
    signals.store.damage.add('points written but not sealed', error);
  }
  try {
    // Mostly there is nothing: who deletes goes on with it. What a full disk stopped goes on here.
    signals.store.removeMore();
  } catch (error) {
    endIfDamaged(error);
    signals.store.damage.add('points deleted in part', error);
  }
  const isIdle = slices.isEmpty && performance.now() - requestedAt > idleAfterMs;
  upkeep = setTimeout(keepUp, isMoreDue ? (isIdle ? waits.idle : waits.busy) : waits.done);
}

/** Ends this worker when bytes that make no sense were met: the next one sets the file aside and saves what is whole. */
function endIfDamaged(error: unknown): void {
  if (!isDamage(error)) return;
  // Not before the answers have left.
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
    clearTimeout(upkeep);
    signals.store.close();
    // Not before the answer has left.
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
    // Writes that wait already share one transaction, and so one wait for the disk.
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
      // Numbers of series that were named are told; the others are known.
      const told = group[i]?.args[0].series.some((series) => typeof series !== 'number');
      port.postMessage((told ? { id, value: ids[i] } : { id }) satisfies Reply);
    }
  } catch (error) {
    // One of them may be to blame: alone, each succeeds or fails by itself.
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

/** The memory of columns is handed over, not copied. */
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
    const hint = 'It is set aside and what is whole in it is saved, by itself; try again shortly.';
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
