import { AsyncLocalStorage } from 'node:async_hooks';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';
import { type DiskSpace, diskSpace } from '../../disk.ts';
import { slowMs } from '../slow.ts';
import { SqliteConnection } from './connection.ts';
import type { Request, StatementResult } from './protocol.ts';

const readers = 2;
/** Space reserved for when the disk is full, bytes: enough for thousands of sign-ins and alerts. */
const maxReserveBytes = 8 * 1024 * 1024;
const minReserveBytes = 512 * 1024;

/**
 * A database file with one writer and several readers, each in its own thread. Readers see what was committed when they start and never
 * wait for the writer. Single writes and transactions get the writer in order of arrival.
 */
export class SqliteFile {
  readonly path: string;
  #log: Logger;
  #writer: SqliteConnection;
  #readers: SqliteConnection[];
  #turn: Promise<void> = Promise.resolve();
  #inside = new AsyncLocalStorage<{ active: boolean }>();
  #closing: Promise<void> | null = null;

  private constructor(path: string, log: Logger) {
    this.path = path;
    this.#log = log;
    this.#writer = new SqliteConnection({ file: path, readonly: false });
    this.#readers = Array.from({ length: readers }, () => new SqliteConnection({ file: path, readonly: true }));
  }

  /** Opens the file, creating it and its folder when missing. @throws AppError unavailable */
  static async open(path: string, log: Logger): Promise<SqliteFile> {
    create(path);
    const file = new SqliteFile(path, log);
    await file.#writer.open();
    return file;
  }

  get generation(): number {
    return this.#writer.generation;
  }

  async read(request: Request): Promise<StatementResult> {
    const [first, ...others] = this.#readers;
    if (first === undefined) throw new Error('no readers');
    const idlest = others.reduce((best, next) => (next.load < best.load ? next : best), first);
    return this.#timed(idlest, request);
  }

  /** Writes on behalf of the holder of the writer. @param generation of the writer that the transaction began on */
  async write(request: Request, generation = this.generation, move: ArrayBuffer[] = []): Promise<StatementResult> {
    if (generation !== this.generation)
      throw new AppError('unavailable', `A transaction on ${this.path} was lost with the thread that ran it.`, {
        hint: 'Try again: none of it was stored.',
      });
    return this.#timed(this.#writer, request, move);
  }

  async writeAlone(request: Request, move: ArrayBuffer[] = []): Promise<StatementResult> {
    const release = await this.takeWriter();
    try {
      return await this.write(request, this.generation, move);
    } finally {
      release();
    }
  }

  /** Waits for the writer. @returns a function that releases it */
  async takeWriter(): Promise<() => void> {
    if (this.#inside.getStore()?.active === true)
      throw new Error('a write outside the transaction that is running it would wait for itself: use the transaction’s tx');
    if (this.#closing !== null)
      throw new AppError('unavailable', `The database ${this.path} is closed.`, { hint: 'Start the backend again.' });
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#turn;
    this.#turn = promise;
    await before;
    return resolve;
  }

  /** Marks `work` as running in a transaction, so that a write that would wait for itself is refused instead. */
  async inside<T>(work: () => Promise<T>): Promise<T> {
    const mark = { active: true };
    try {
      return await this.#inside.run(mark, work);
    } finally {
      mark.active = false;
    }
  }

  disk(): Promise<DiskSpace> {
    return diskSpace(dirname(this.path));
  }

  async keepReserve(): Promise<void> {
    const { freeBytes } = await this.disk();
    // Twice: in the file, and in the log that writes pass through.
    const bytes = Math.min(maxReserveBytes, Math.floor(freeBytes / 8));
    if (bytes >= minReserveBytes) await this.writeAlone({ kind: 'reserve', bytes });
  }

  async size(): Promise<number> {
    const sizes = await Promise.all(['', '-wal'].map((end) => stat(this.path + end).catch(() => null)));
    return sizes.reduce((sum, found) => sum + (found?.size ?? 0), 0);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#turn;
    // Readers first: the writer is then the last connection, which lets it fold the log into the file.
    await Promise.all(this.#readers.map((reader) => reader.close()));
    await this.#writer.close();
  }

  async #timed(connection: SqliteConnection, request: Request, move: ArrayBuffer[] = []): Promise<StatementResult> {
    const answer = await connection.call(request, move);
    if (answer.took > slowMs && request.kind === 'run') this.#log.warn({ ms: Math.round(answer.took), sql: request.sql }, 'slow statement');
    return answer;
  }
}

/** The file holds password hashes and sealed secrets: nobody else may read it. SQLite gives its side files the same mode. */
function create(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (cause) {
    const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
    throw new AppError(full ? 'disk_full' : 'unavailable', `The database ${path} cannot be created (${(cause as Error).message}).`, {
      hint: full ? 'Free some space on its disk.' : 'Check that its folder exists and that this user may write there.',
      cause,
    });
  }
}
