import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { isDamage, openDatabase, openReader, sqliteCode } from './open.ts';
import { reads, transfers, writes } from './operations.ts';
import type { Request, Response, WireError, WorkerSettings } from './protocol.ts';

const settings = workerData as WorkerSettings;
const port = parentPort;
if (port === null) throw new Error('The cache worker runs as a worker thread only.');
const tell = (response: Response, leaving: readonly ArrayBuffer[] = []): void => port.postMessage(response, leaving);

function wireError(error: unknown): WireError {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (sqliteCode(error) === 'SQLITE_FULL') {
    return {
      code: 'disk_full',
      message: `The disk that holds ${settings.file} is full; nothing was changed.`,
      hint: 'Free some space, then try again.',
    };
  }
  return {
    code: 'internal',
    message: `The local database failed: ${message}.`,
    hint: 'Restart the console; it checks its database at start.',
  };
}

type Operation = (db: never, input: never) => unknown;

function serve(
  db: ReadableDb,
  find: (name: string) => Operation | undefined,
  run: (operation: () => unknown) => unknown,
  close: () => void,
): void {
  port?.on('message', (request: Request) => {
    if (request === 'close') {
      close();
      port.close();
      return;
    }
    const { id, name, input } = request;
    const begun = performance.now();
    try {
      const operation = find(name);
      if (operation === undefined) throw new AppError('internal', `The cache has no operation ${name}.`);
      const output = run(() => operation(db as never, input as never));
      const leaving = (transfers as Record<string, ((output: never) => ArrayBuffer[]) | undefined>)[name];
      tell({ kind: 'done', id, output }, leaving?.(output as never));
    } catch (error) {
      tell({ kind: 'failed', id, error: wireError(error), damage: isDamage(error) });
    }
    const durationMs = performance.now() - begun;
    if (durationMs > settings.slowMs) tell({ kind: 'slow', name, durationMs });
  });
}

function startWriter(): void {
  const { db, opening } = openDatabase(settings.file, settings.now);
  // The writer reads as well: in memory there is no other connection, and a read after a write sees it.
  const find = (name: string): Operation | undefined =>
    (writes as Record<string, Operation>)[name] ?? (reads as Record<string, Operation>)[name];
  const transaction = db.transaction((operation: () => unknown) => operation());
  serve(
    db satisfies WritableDb,
    find,
    (operation) => transaction.immediate(operation),
    () => db.close(),
  );
  tell({ kind: 'ready', opening });
}

function startReader(): void {
  const db = openReader(settings.file);
  // One transaction an operation: all its statements see the same moment.
  const transaction = db.transaction((operation: () => unknown) => operation());
  serve(
    db,
    (name) => (reads as Record<string, Operation>)[name],
    (operation) => transaction.deferred(operation),
    () => db.close(),
  );
  tell({ kind: 'ready', opening: { state: 'ok', detail: null, hint: null } });
}

try {
  if (settings.role === 'writer') startWriter();
  else startReader();
} catch (error) {
  tell({ kind: 'refused', error: wireError(error) });
}
