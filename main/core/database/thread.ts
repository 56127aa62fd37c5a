import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import { problem } from '#common/words/problems.ts';
import { openingId, type WorkerReply, type WorkerRequest } from '#common/workers/client.ts';
import type { ReadableDb } from './connection.ts';
import { isDamage, openForReading, openForWriting, sqliteCode } from './open.ts';
import type { Operations } from './operations.ts';
import type { DatabaseCall, DatabaseFailure, DatabaseThreadSettings, SlowOperation } from './protocol.ts';
import type { Schema } from './schema.ts';

type Operation = (db: never, input: never) => unknown;

interface Connection {
  find(name: string): Operation | undefined;
  /** Runs an operation in one transaction. */
  run(operation: () => unknown): unknown;
  db: ReadableDb;
}

/**
 * Runs a database thread: opens the file in the role it was started with and serves the operations. Called once, by the entry file
 * of the thread.
 */
export function serveDatabase(schema: Schema, operations: Required<Operations>): void {
  const port = parentPort;
  if (port === null) throw new Error('A database thread runs as a worker thread only.');
  const settings = workerData as DatabaseThreadSettings;
  const reply = (message: WorkerReply<DatabaseFailure>, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer);

  let connection: Connection;
  try {
    const [opened, opening] = settings.role === 'writer' ? openWriter(settings, schema, operations) : openReader(settings, operations);
    connection = opened;
    reply({ id: openingId, value: opening });
  } catch (error) {
    reply({ id: openingId, failure: toFailure(error, settings.file) });
    port.close();
    return;
  }

  port.on('message', (request: WorkerRequest<DatabaseCall>) => {
    // Operations are synchronous, so a cancellation arrives too late.
    if ('cancel' in request) return;
    if ('close' in request) {
      connection.db.close();
      port.close();
      return;
    }
    const { id, name, input } = request;
    const startedAt = performance.now();
    try {
      const operation = connection.find(name);
      if (operation === undefined) throw new AppError('internal', `The local database has no operation ${name}.`);
      const value = connection.run(() => operation(connection.db as never, input as never));
      reply({ id, value }, operations.transfers[name]?.(value as never));
    } catch (error) {
      reply({ id, failure: toFailure(error, settings.file) });
    }
    const durationMs = performance.now() - startedAt;
    if (durationMs > settings.slowMs) port.postMessage({ slow: name, durationMs } satisfies SlowOperation);
  });
}

function openWriter({ file, now }: DatabaseThreadSettings, schema: Schema, { reads, writes }: Required<Operations>) {
  const { db, opening } = openForWriting(file, schema, now);
  const transaction = db.transaction((operation: () => unknown) => operation());
  const connection: Connection = {
    db,
    // The writer also serves reads: in memory there is no other connection.
    find: (name) => writes[name] ?? reads[name],
    run: (operation) => transaction.immediate(operation),
  };
  return [connection, opening] as const;
}

function openReader({ file }: DatabaseThreadSettings, { reads }: Required<Operations>) {
  const db = openForReading(file);
  const transaction = db.transaction((operation: () => unknown) => operation());
  // One transaction per operation, so that all its statements see the same state.
  const connection: Connection = { db, find: (name) => reads[name], run: (operation) => transaction.deferred(operation) };
  return [connection, undefined] as const;
}

function toFailure(error: unknown, file: string): DatabaseFailure {
  if (error instanceof AppError) return { ...error.toProblem(), isDamage: false };
  if (sqliteCode(error) === 'SQLITE_FULL') return { ...problem('database_disk_full', { file }), isDamage: false };
  const cause = error instanceof Error ? error.message : String(error);
  return { ...problem('database_failed', { cause }), isDamage: isDamage(error) };
}
