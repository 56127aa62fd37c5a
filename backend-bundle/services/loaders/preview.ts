import type { z } from 'zod';
import { AppError } from '#common/contract/errors.ts';
import type { loaderPreview } from '#common/contract/loaders.ts';
import { hourMs } from '#common/time/durations.ts';
import type { SourceCell, SourceConnection, SourceQuery, SourceRows } from '../../engines/sources/port.ts';
import { type MappedRows, mapRows } from './rows.ts';

const rangeMs = hourMs;
/** Number of rows that a preview reads and shows. */
const shownRows = 50;
const shownBytes = 1_048_576;
const shownCharacters = 500;
const timeoutMs = 10_000;
/** Maximum UTC offset of any time zone, ms. */
const maxOffsetMs = 15 * hourMs;
/** Number of rows checked to find the offset of a column without a time zone. */
const offsetRows = 5_000;
/** A newest row at least this far ahead or behind is reported, ms. Zones differ by at least this much, clocks by less. */
const minDifferenceMs = 900_000;

type Preview = z.input<typeof loaderPreview>;
type Problem = Preview['problems'][number];

export interface PreviewRequest {
  sql: string;
  timeZone: string;
  now: number;
  signal: AbortSignal;
}

/** Runs SQL over the last hour, stores nothing, and reports how a loader would read the rows. */
export async function preview(connection: SourceConnection, { sql, timeZone, now, signal }: PreviewRequest): Promise<Preview> {
  const startedAt = performance.now();
  const base = { sql, timeZone, timeoutMs, maxBytes: shownBytes, past: 'cut', signal } as const;
  const result = await connection.query({ ...base, from: now - rangeMs, to: now, maxRows: shownRows });
  const problems: Problem[] = [];
  try {
    const mapped = mapRows(result, { timeZone, now });
    problems.push(...problemsOf(result, mapped));
    if (mapped.isZoneless) problems.push(await zoneProblem(connection, base, now));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    problems.push({ message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) });
  }
  return {
    columns: result.columns.map(({ name }) => name),
    rows: result.rows.map((row) => row.map(shortened)),
    rowsRead: result.rows.length,
    more: result.cut,
    durationMs: Math.round(performance.now() - startedAt),
    problems,
  };
}

function shortened(cell: SourceCell): SourceCell {
  return typeof cell === 'string' && cell.length > shownCharacters ? `${cell.slice(0, shownCharacters - 1)}…` : cell;
}

function problemsOf({ rows }: SourceRows, { rejected, rejectReason, replaced, rounded }: MappedRows): Problem[] {
  const problems: Problem[] = [];
  if (rows.length === 0) {
    problems.push({
      message: 'The query returned no rows for the last hour.',
      hint: 'Check that it filters by time >= :from and < :to.',
    });
  }
  if (rejectReason !== null) problems.push({ message: `${rejected} of ${rows.length} rows would be rejected. ${rejectReason}` });
  if (replaced > 0) {
    problems.push({
      message: `${replaced === 1 ? '1 row' : `${replaced} rows`} would be replaced by a later one of the same time and segment.`,
      hint: 'Is there a GROUP BY missing? Sum up the rows by timestamp and segment, or add the column that distinguishes them to the segment.',
    });
  }
  for (const [column, count] of Object.entries(rounded)) {
    problems.push({
      message: `"${column}": ${count === 1 ? '1 value has' : `${count} values have`} more digits than a number here holds; rounded to about 16.`,
      hint: 'Nothing to do where the last digits do not matter. Use round() to keep fewer, or select a difference instead of a large total.',
    });
  }
  return problems;
}

/**
 * Reports in which time zone times without one are read, and how far off the newest row is, which reveals a wrong zone. A wrong zone may
 * leave the last hour without rows, so this reads a wider range.
 */
async function zoneProblem(
  connection: SourceConnection,
  base: Omit<SourceQuery, 'from' | 'to' | 'maxRows'>,
  now: number,
): Promise<Problem> {
  const wide = await connection.query({ ...base, from: now - maxOffsetMs, to: now + maxOffsetMs, maxRows: offsetRows });
  const { newest } = mapRows(wide, { timeZone: base.timeZone, now });
  const off = newest === null ? 0 : newest - now;
  // If rows were left out, the newest may not have been read.
  const isKnown = newest !== null && Math.abs(off) >= minDifferenceMs && (off > 0 || !wide.cut);
  const found = isKnown ? ` The newest row is ${hoursOf(Math.abs(off))} ${off > 0 ? 'ahead of' : 'behind'} now.` : '';
  return {
    message: `"timestamp" has no time zone; it is read as ${base.timeZone}.${found}`,
    hint: 'If the source keeps another zone’s time, choose that time zone for this loader.',
  };
}

/** `5 h`, `5 h 30 min`, `45 min`. */
function hoursOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : ''].filter((part) => part !== '').join(' ');
}

/**
 * Runs a definition on its source with an empty window, before it is stored. It is accepted if the source does not answer now, because the
 * loader will report that.
 * @throws AppError sql_rejected; validation_failed for an account or a file that sources may not use
 */
export async function probe(connection: SourceConnection, { sql, timeZone, now, signal }: PreviewRequest): Promise<void> {
  const query = { sql, timeZone, from: now, to: now, timeoutMs, maxRows: shownRows, maxBytes: shownBytes, past: 'cut', signal } as const;
  try {
    mapRows(await connection.query(query), { timeZone, now });
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'sql_rejected' || error.code === 'validation_failed') throw error;
  }
}
