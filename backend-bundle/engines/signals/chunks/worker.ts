import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import type { Damage } from './damage.ts';
import { ChunkSignals } from './signals.ts';

/** Runs one ChunkSignals. Messages in: Call; out: Answer. */
export type Methods = Pick<ChunkSignals, 'append' | 'records' | 'query' | 'summarise' | 'series' | 'metricSeries'> & {
  expire(before: number): number;
  damage(): Damage[];
  close(): void;
};
export interface Call {
  id: number;
  method: keyof Methods;
  args: unknown[];
}
export interface Answer {
  id: number;
  value?: unknown;
  error?: { code: AppError['code']; message: string; hint?: string | undefined; field?: string | undefined };
}

if (!parentPort) throw new Error('This file runs as a worker.');
const port = parentPort;
const signals = new ChunkSignals((workerData as { file: string }).file);

/** A few hours at a time, so that a query never waits long behind them. */
const sealing = setInterval(() => {
  try {
    signals.store.seal(50);
  } catch (error) {
    // Nothing is lost, since the log still has it; the next second tries again, and until it works the report says so.
    signals.store.damage.add('points written but not sealed', error);
  }
}, 1_000);

const own = {
  expire: (before: number) => signals.store.expire(before),
  damage: () => signals.store.damage.all,
  close: () => {
    clearInterval(sealing);
    signals.store.close();
    // Not before the answer has left.
    setImmediate(() => port.close());
  },
};

type Append = Call & { args: Parameters<Methods['append']> };
const isAppend = (call: Call | undefined): call is Append => call?.method === 'append';

port.on('message', (first: Call) => {
  for (let call: Call | undefined = first; call; ) {
    if (!isAppend(call)) {
      answer(call, () => run(call as Call));
      return;
    }
    // Writes that wait already share one transaction, and so one wait for the disk.
    const group: Append[] = [call];
    do {
      call = (receiveMessageOnPort(port) as { message: Call } | undefined)?.message;
      if (isAppend(call)) group.push(call);
    } while (isAppend(call) && group.length < 256);
    if (isAppend(call)) call = undefined;
    store(group);
  }
});

function store(group: readonly Append[]): void {
  try {
    signals.append(group.flatMap(({ args: [writes] }) => writes));
    for (const { id } of group) port.postMessage({ id } satisfies Answer);
  } catch (error) {
    // One of them may be to blame: alone, each succeeds or fails by itself.
    if (group.length === 1) port.postMessage({ id: group[0]?.id ?? 0, error: describe(error) } satisfies Answer);
    else for (const call of group) store([call]);
  }
}

function run({ method, args }: Call): unknown {
  const target = (method in own ? own[method as keyof typeof own] : signals[method as keyof ChunkSignals]) as (
    ...args: unknown[]
  ) => unknown;
  return target.apply(signals, args);
}

function answer({ id }: Call, work: () => unknown): void {
  let result: Answer;
  try {
    result = { id, value: work() };
  } catch (error) {
    result = { id, error: describe(error) };
  }
  port.postMessage(result);
}

function describe(error: unknown): NonNullable<Answer['error']> {
  if (error instanceof AppError) return { code: error.code, message: error.message, hint: error.hint, field: error.field };
  const code = (error as { code?: string }).code ?? '';
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'SQLITE_FULL') {
    const hint = 'Free some space; what is buffered is delivered again.';
    return { code: 'disk_full', message: 'The disk is full: the points were not stored.', hint };
  }
  if (code.startsWith('SQLITE_')) {
    signals.store.damage.add('series file', error);
    const hint = 'Check the disk, or restore the file from a backup.';
    return { code: 'unavailable', message: `The series file cannot be read or written: ${message}`, hint };
  }
  return { code: 'internal', message };
}
