import { AppError } from '#common/contract/errors.ts';

/** Explanations of PostgreSQL failures for the person who runs the product, by SQLSTATE or system error code. */
const meanings: [test: RegExp, code: 'unavailable' | 'disk_full' | 'timeout', what: string, hint: string][] = [
  [/^(28|0P)/, 'unavailable', 'refused the sign-in', 'Check the user and password in the database URL.'],
  [/^3D000$/, 'unavailable', 'has no such database', 'Create it (createdb), or correct the name in the database URL.'],
  [/^42501$/, 'unavailable', 'does not let this user do that', 'Grant the user all rights on its database.'],
  [
    /^53100$/,
    'disk_full',
    'has no space left on its disk; the change was not stored',
    'Free some space there; work resumes automatically.',
  ],
  [/^53300$/, 'unavailable', 'has no free connections', 'Raise max_connections, or end clients that are not needed.'],
  [/^57014$/, 'timeout', 'took too long and was stopped', 'Ask for less at once; see the log for the statement.'],
  [/^25006$/, 'unavailable', 'is a read-only standby', 'Point the database URL at the primary.'],
  [/^(40001|40P01)$/, 'unavailable', 'is too busy with changes to the same rows', 'Try again.'],
  [/^(08|57P|53|58)/, 'unavailable', 'is shutting down, starting or out of resources', 'Try again shortly; see the log of the server.'],
  [
    /^(ECONN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOENT|EACCES)/,
    'unavailable',
    'cannot be reached',
    'Check that it runs, and the host and port in the database URL.',
  ],
];
/** node-postgres gives these no code. */
const lost = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/;

export function sqlState(error: unknown): string {
  const found = error instanceof AggregateError ? error.errors[0] : error;
  const code = found instanceof Error && 'code' in found ? found.code : undefined;
  return typeof code === 'string' ? code : '';
}

/**
 * Turns a PostgreSQL failure into an AppError. Errors that only a programmer can fix (a constraint, a syntax error) are returned unchanged.
 */
export function postgresError(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const state = sqlState(error) || (lost.test(error.message) ? 'ECONNRESET' : '');
  const found = meanings.find(([test]) => test.test(state));
  if (found === undefined) return error;
  const [, code, what, hint] = found;
  const detail = error.message || state;
  return new AppError(code, `The database at ${where} ${what} (${detail}).`, { hint, cause: error });
}

/** Returns whether the whole transaction should be retried: it conflicted with another one, and nothing was stored. */
export function wantsRetry(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  return /^(40001|40P01)$/.test(sqlState(cause));
}

/** Returns the server and database of a URL, without the user and password. */
export function placeOf(url: string): string {
  try {
    const { host, pathname, searchParams } = new URL(url);
    return `${searchParams.get('host') ?? (decodeURIComponent(host) || 'localhost')}${pathname}`;
  } catch {
    return 'the given URL';
  }
}

/**
 * Refuses a URL in which part of the password would be parsed as a host, path or fragment. The message never contains the URL.
 * @throws AppError validation_failed
 */
export function checkUrl(url: string): void {
  const parsed = URL.parse(url);
  const cutShort = parsed !== null && (parsed.hash !== '' || (url.includes('@') && parsed.username === '') || isBroken(parsed));
  if (parsed !== null && !cutShort) return;
  throw new AppError('validation_failed', 'The database URL can’t be read.', {
    field: 'database-url',
    hint: 'Write special characters of the user and the password percent-encoded: % is %25, @ is %40, : is %3A, / is %2F, # is %23, ? is %3F, [ is %5B.',
  });
}

/** Returns whether a percent sign is not followed by a valid escape. */
function isBroken({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
    return false;
  } catch {
    return true;
  }
}
