import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';
import type { SourceSettings } from '#common/contract/sources.ts';
import { accessMessage, type Failures, failedCheck, failuresOf } from './failures.ts';
import { openOwnFiles } from './own-files.ts';
import type { SourceConnection, SourceQuery, SourceRows } from './port.ts';
import type { SqliteReply, SqliteRequest } from './sqlite-process.ts';
import { parseStatement } from './statement.ts';

type Settings = Extract<SourceSettings, { kind: 'sqlite' }>;

const program = fileURLToPath(new URL('./sqlite-process.ts', import.meta.url));
const checkQuery = { from: 0, to: 0, timeZone: 'UTC', maxRows: 1, maxBytes: 10_000, past: 'refuse', timeoutMs: 5_000 } as const;

function failureOf(reply: Extract<SqliteReply, { kind: 'failed' }>, file: string, failures: Failures): AppError {
  const { code, message } = reply;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return failures.unreachable(`there is no file ${file}.`, 'Check the path, and that what writes the file has been started.');
  }
  if (code === 'EACCES' || code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY')) {
    return failures.unreachable(
      `the file ${file} cannot be read (${message}).`,
      'Give this account read access to the file and its folder.',
    );
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return failures.unreachable(
      `${file} is not a readable SQLite database (${message}).`,
      'Check the path, or restore the file from a backup.',
    );
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_PROTOCOL')) {
    return failures.unreachable(`the file ${file} could not be read just now (${message}).`, 'It is tried again by itself.');
  }
  return failures.rejected(`${message}.`, 'Check table and column names; the query runs on SQLite.');
}

/** The backend's data folder, and the files in it that sources may read. */
export interface OwnFolder {
  folder: string;
  allowed: readonly string[];
}

/**
 * Opens a SQLite file through a helper process, which runs one query at a time and starts with the first query.
 * @param own the backend's data folder, whose files are refused
 * @throws AppError validation_failed when the path is not absolute, or leads to one of the backend's own files
 */
export function openSqlite(settings: Settings, name: string, log: Logger, own: OwnFolder | undefined): SourceConnection {
  const { file } = settings;
  if (!isAbsolute(file)) {
    throw new AppError('validation_failed', `Source "${name}": the path "${file}" is not absolute.`, {
      field: 'settings.file',
      hint: 'Write the whole path of the file on the backend’s host, for example /var/lib/plant/data.db.',
    });
  }
  const failures = failuresOf(name);
  const ownFile = () =>
    new AppError('validation_failed', `Source "${name}": ${file} belongs to this backend itself; a source may not read it.`, {
      field: 'settings.file',
      hint: 'Choose a file outside of the data folder, or copy what you need to one.',
    });
  if (own !== undefined && openOwnFiles(own.folder, own.allowed).holds(file)) throw ownFile();
  let child: ChildProcess | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const start = (): ChildProcess => {
    const started = fork(program, [file, own?.folder ?? '', ...(own?.allowed ?? [])], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.once('exit', (code, signal) => {
      if (child === started) child = undefined;
      log.debug({ code, signal }, 'the SQLite helper ended');
    });
    // Between queries it must not keep this process alive.
    started.unref();
    started.channel?.unref();
    return started;
  };

  const ask = (request: SqliteRequest, timeoutMs: number, signal: AbortSignal | undefined): Promise<SqliteReply> => {
    signal?.throwIfAborted();
    child ??= start();
    const worker = child;
    const { promise, resolve, reject } = Promise.withResolvers<SqliteReply>();
    const stop = (reason: unknown) => {
      if (child === worker) child = undefined;
      worker.kill('SIGKILL');
      reject(reason);
    };
    const timer = setTimeout(() => stop(failures.timedOut(timeoutMs)), timeoutMs);
    const onAbort = () => stop(signal?.reason);
    const onExit = () =>
      reject(failures.unreachable('the process that reads the file ended unexpectedly.', 'It is started again with the next run.'));
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.once('message', resolve);
    worker.once('exit', onExit);
    worker.once('error', onExit);
    worker.channel?.ref();
    worker.send(request, (error) => error && onExit());
    return promise.finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      worker.off('message', resolve);
      worker.off('exit', onExit);
      worker.off('error', onExit);
      worker.channel?.unref();
    });
  };

  const run = async (query: SourceQuery): Promise<SourceRows> => {
    const { sql, from, to, timeZone, maxRows, maxBytes, past, timeoutMs, signal } = query;
    const turn = queue.then(() => ask({ sql, from, to, timeZone, maxRows, maxBytes }, timeoutMs, signal));
    queue = turn.catch(() => {});
    const reply = await turn;
    switch (reply.kind) {
      case 'rows': {
        const { over, rows } = reply;
        if (over !== null && (past === 'refuse' || rows.length === 0)) {
          throw over === 'rows' ? failures.tooLarge(maxRows) : failures.tooManyBytes(maxBytes);
        }
        const columns = reply.columns.map((column) => ({ ...column, kind: 'any' as const }));
        return { source: 'sqlite', columns, rows, cut: over !== null };
      }
      case 'not-a-query':
        throw failures.rejected('it would change the database.', 'A loader may only read: write one SELECT.');
      case 'own-file':
        throw ownFile();
      case 'failed':
        throw failureOf(reply, file, failures);
    }
  };

  return {
    query: async (query) => run({ ...query, sql: parseStatement(query.sql, 'sqlite').text }),

    async check() {
      const startedAt = performance.now();
      try {
        // Reads the schema, so that a file that is not a database is noticed.
        const sql = 'SELECT sqlite_version(), (SELECT count(*) FROM sqlite_master)';
        const { rows } = await run({ ...checkQuery, sql });
        const latencyMs = Math.round(performance.now() - startedAt);
        const writable = await access(file, constants.W_OK).then(
          () => true,
          () => false,
        );
        const writeAccess = writable ? 'can-write' : 'read-only';
        return {
          ok: true,
          latencyMs,
          serverVersion: `SQLite ${rows[0]?.[0]}`,
          writeAccess,
          message: accessMessage[writeAccess],
          ...(writable ? { hint: 'Loaders open the file read-only; remove write permission from this account to be sure.' } : {}),
        };
      } catch (error) {
        return failedCheck(error, startedAt);
      }
    },

    async close() {
      await queue;
      const worker = child;
      child = undefined;
      if (worker === undefined || worker.exitCode !== null) return;
      const exited = once(worker, 'exit');
      worker.kill('SIGKILL');
      await exited;
    },
  };
}
