import type { z } from 'zod';
import { AppError } from '#common/contract/errors.ts';
import type { loaderPreview } from '#common/contract/loaders.ts';
import type { SourceConnection } from '../../engines/sources/port.ts';
import { mapRows } from './rows.ts';
import { maxRows } from './windows.ts';

const rangeMs = 3_600_000;
const rowsShown = 50;
const timeoutMs = 10_000;

/** Runs SQL over the last hour, loads nothing, and says what a loader would make of the rows. */
export async function preview(
  connection: SourceConnection,
  sql: string,
  now: number,
  signal: AbortSignal,
): Promise<z.input<typeof loaderPreview>> {
  const startedAt = performance.now();
  const result = await connection.query({ sql, from: now - rangeMs, to: now, timeoutMs, maxRows, signal });
  const problems: { message: string; hint?: string }[] = [];
  try {
    const { rejected, rejectReason } = mapRows(result);
    if (result.rows.length === 0) {
      problems.push({
        message: 'The query returned no rows for the last hour.',
        hint: 'Check that it filters by time >= :from and < :to.',
      });
    }
    if (rejectReason !== null) {
      problems.push({ message: `${rejected} of ${result.rows.length} rows would be rejected. ${rejectReason}` });
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    problems.push({ message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) });
  }
  return {
    columns: result.columns,
    rows: result.rows.slice(0, rowsShown),
    rowsRead: result.rows.length,
    durationMs: Math.round(performance.now() - startedAt),
    problems,
  };
}

/**
 * Tries a definition on its source with an empty window, before it is stored. A source that does not answer now is no reason to
 * refuse: the loader will say so by itself.
 * @throws AppError sql_rejected
 */
export async function probe(connection: SourceConnection, sql: string, now: number, signal: AbortSignal): Promise<void> {
  try {
    mapRows(await connection.query({ sql, from: now, to: now, timeoutMs, maxRows, signal }));
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'sql_rejected') throw error;
  }
}
