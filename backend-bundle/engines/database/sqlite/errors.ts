import { AppError } from '#common/contract/errors.ts';
import type { StatementFailure } from './protocol.ts';

/**
 * Turns a SQLite failure into an error for the person who runs the product. Failures that only a programmer can fix (a constraint, a syntax
 * error) become a plain error with SQLite's code.
 */
export function sqliteError({ code, message }: StatementFailure, file: string): Error {
  const cause = Object.assign(new Error(message), { code });
  if (code === 'SQLITE_FULL')
    return new AppError('disk_full', `The disk that holds ${file} is full; the change was not stored.`, {
      hint: 'Free some space on it. Nothing that was stored before is lost, and work resumes automatically.',
      cause,
    });
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new AppError('unavailable', `The database ${file} is damaged (${message}). It was left as it is.`, {
      // Never replaced by an empty file: rules, users and alerts would be lost, and without rules everything would look fine.
      hint: `Restore it from a backup, or save what can be read: move it away and run "sqlite3 <moved file> .recover | sqlite3 ${file}".`,
      cause,
    });
  if (code === 'SQLITE_FOREIGN')
    return new AppError('unavailable', `The file ${file} is a database of another program. It was left as it is.`, {
      hint: 'Choose another data folder, or move that file away.',
      cause,
    });
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new AppError('unavailable', `The database ${file} is held by another process.`, {
      hint: 'Try again. If this repeats, end the other program that has it open.',
      cause,
    });
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM' || code === 'SQLITE_AUTH')
    return new AppError('unavailable', `The database ${file} cannot be opened for writing (${message}).`, {
      hint: 'Check that its folder exists and that this user may write there.',
      cause,
    });
  if (code.startsWith('SQLITE_IOERR'))
    return new AppError('unavailable', `The disk that holds ${file} could not be read or written (${message}).`, {
      hint: 'Check the disk; the system log has details.',
      cause,
    });
  return cause;
}
