import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import { ChunkSignals } from './signals.ts';

/** Runs one ChunkSignals. Messages in: `{ id, method, args }`; out: `{ id, value }` or `{ id, error }`. */
export type Methods = Pick<
  ChunkSignals,
  'appendSignals' | 'appendMetrics' | 'records' | 'query' | 'summarise' | 'series' | 'metricSeries'
> & {
  expire(before: number): number;
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

const port = parentPort;
if (!port) throw new Error('This file runs as a worker.');
const signals = new ChunkSignals((workerData as { file: string }).file);

/** A few hours at a time, so that a query never waits long behind them. */
const sealing = setInterval(() => signals.store.seal(50), 1_000);

const own = {
  expire: (before: number) => signals.store.expire(before),
  close: () => {
    clearInterval(sealing);
    signals.store.close();
    port.close();
  },
};

port.on('message', ({ id, method, args }: Call) => {
  let answer: Answer;
  try {
    const run = (method in own ? own[method as keyof typeof own] : signals[method as keyof ChunkSignals]) as (
      ...args: unknown[]
    ) => unknown;
    answer = { id, value: run.apply(signals, args) };
  } catch (error) {
    answer = { id, error: describe(error) };
  }
  port.postMessage(answer);
});

function describe(error: unknown): NonNullable<Answer['error']> {
  if (error instanceof AppError) return { code: error.code, message: error.message, hint: error.hint, field: error.field };
  const code = (error as { code?: string }).code ?? '';
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'SQLITE_FULL')
    return {
      code: 'disk_full',
      message: 'The disk is full: the points were not stored.',
      hint: 'Free some space; what is buffered is delivered again.',
    };
  if (code.startsWith('SQLITE_IOERR'))
    return { code: 'unavailable', message: `The series file cannot be read or written: ${message}`, hint: 'Check the disk.' };
  return { code: 'internal', message };
}
