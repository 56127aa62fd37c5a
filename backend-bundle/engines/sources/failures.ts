import { AppError } from '#common/contract/errors.ts';
import { formatSetDuration } from '#common/format.ts';

/** Creates the errors of one source. Each names the source and says what to do; none contains a password. */
export interface Failures {
  unreachable(why: string, hint: string, cause?: unknown): AppError;
  rejected(why: string, hint: string, cause?: unknown): AppError;
  timedOut(timeoutMs: number): AppError;
  tooLarge(maxRows: number): AppError;
  tooManyBytes(maxBytes: number): AppError;
  /** @param powers what the account could do beyond reading, as text */
  tooPowerful(account: string, powers: string): AppError;
}

const aggregate = 'Aggregate in the SQL (count, min, max, avg, sum by time and segment), or read a shorter window.';

export function failuresOf(name: string, password = ''): Failures {
  const clean = (text: string) => (password.length >= 4 ? text.replaceAll(password, '***') : text);
  return {
    unreachable: (why, hint, cause) => new AppError('source_unreachable', clean(`Source "${name}": ${why}`), { hint, cause }),
    rejected: (why, hint, cause) =>
      new AppError('sql_rejected', clean(`Source "${name}" refused the SQL: ${why}`), { field: 'sql', hint, cause }),
    timedOut: (timeoutMs) =>
      new AppError('timeout', `Source "${name}" did not answer the query within ${formatSetDuration(timeoutMs)}; it was stopped.`, {
        hint: 'Add an index on the time column, or make the query read fewer rows.',
      }),
    tooLarge: (maxRows) =>
      new AppError('query_too_large', `Source "${name}" has more than ${maxRows} rows in this window.`, {
        hint: aggregate,
      }),
    tooManyBytes: (maxBytes) =>
      new AppError('query_too_large', `Source "${name}" has more than ${maxBytes / 1_048_576} MB of rows in this window.`, {
        hint: `Select only timestamp, segment and the values. ${aggregate}`,
      }),
    tooPowerful: (account, powers) =>
      new AppError('validation_failed', `Source "${name}": the account ${account} ${powers}, and so could the SQL of every loader.`, {
        field: 'settings.allowPowerfulAccount',
        hint: 'Use an account that may only SELECT. To use this one all the same, set allowPowerfulAccount on the source.',
      }),
  };
}
