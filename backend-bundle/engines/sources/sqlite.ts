import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';
import type { SourceSettings } from '#common/contract/sources.ts';
import { checkResult } from './check.ts';
import { type Failures, failuresOf } from './failures.ts';
import { openOwnFiles } from './own-files.ts';
import type { SourceConnection, SourceQuery, SourceRows } from './port.ts';
import { SqliteHelper } from './sqlite-helper.ts';
import type { SqliteReply } from './sqlite-process.ts';
import { parseStatement } from './statement.ts';

type Settings = Extract<SourceSettings, { kind: 'sqlite' }>;

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
    return failures.unreachable(`the file ${file} could not be read just now (${message}).`, 'It is retried automatically.');
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
  const helper = new SqliteHelper([file, own?.folder ?? '', ...(own?.allowed ?? [])], failures, log);

  const run = async (query: SourceQuery): Promise<SourceRows> => {
    const { sql, from, to, timeZone, maxRows, maxBytes, past, timeoutMs, signal } = query;
    const reply = await helper.ask({ sql, from, to, timeZone, maxRows, maxBytes }, timeoutMs, signal);
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
    check: () =>
      checkResult(async () => {
        // Reads the schema, so that a file that is not a database is noticed.
        const sql = 'SELECT sqlite_version(), (SELECT count(*) FROM sqlite_master)';
        const { rows } = await run({ ...checkQuery, sql });
        return {
          serverVersion: `SQLite ${rows[0]?.[0]}`,
          writeAccess: (await isWritable(file)) ? 'can-write' : 'read-only',
          hint: 'Loaders open the file read-only; remove write permission from this account to be sure.',
        };
      }),
    close: () => helper.close(),
  };
}

function isWritable(file: string): Promise<boolean> {
  return access(file, constants.W_OK).then(
    () => true,
    () => false,
  );
}
