import type { Selectable } from 'kysely';
import { z } from 'zod';
import { AppError } from '#common/contract/errors.ts';
import type { Loader, LoaderInput, LoaderRun } from '#common/contract/loaders.ts';
import { hidden } from '#common/contract/sources.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import { parseStored, type UnreadableRows } from '../../engines/database/stored-json.ts';
import type { Tables } from '../../engines/database/tables.ts';
import type { Engines, Vault } from '../../engines/port.ts';
import { problemOf, type SecretProblem, tryOpenSecret } from './connections.ts';
import { historyProgress } from './windows.ts';

export type LoaderRow = Selectable<Tables['loaders']>;
type RunRow = Selectable<Tables['loader_runs']>;

/** Number of runs kept per loader. */
const runsKept = 50;

/** The progress of a loader, from which it continues after a restart. */
export interface LoadProgress {
  loaded_to: number | null;
  history_from: number | null;
  history_to: number | null;
  consecutive_failures: number;
}

const roundedCounts = z.record(z.string(), z.number());
const runError = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });

/** @throws UnreadableValue */
function toRun(row: RunRow): LoaderRun {
  const place = { table: 'loader_runs', row: { id: row.id } } as const;
  return {
    id: row.id,
    loaderCode: row.loader_code,
    kind: row.kind === 'history' ? 'history' : 'live',
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    from: row.window_from,
    to: row.window_to,
    rowsRead: row.rows_read,
    rowsLoaded: row.rows_loaded,
    rowsRejected: row.rows_rejected,
    ...(row.reject_reason === null ? {} : { rejectReason: row.reject_reason }),
    rowsReplaced: row.rows_replaced,
    rounded: parseStored(roundedCounts, row.rounded, { ...place, column: 'rounded' }),
    error: row.error === null ? null : parseStored(runError, row.error, { ...place, column: 'error' }),
  };
}

function fromRun(run: LoaderRun): RunRow {
  return {
    id: run.id,
    loader_code: run.loaderCode,
    kind: run.kind,
    started_at: run.startedAt,
    duration_ms: run.durationMs,
    window_from: run.from,
    window_to: run.to,
    rows_read: run.rowsRead,
    rows_loaded: run.rowsLoaded,
    rows_rejected: run.rowsRejected,
    reject_reason: run.rejectReason ?? null,
    rows_replaced: run.rowsReplaced,
    rounded: JSON.stringify(run.rounded),
    error: run.error === null ? null : JSON.stringify(run.error),
  };
}

/** The SQL as the reader may see it: in full for administrators, `***` for everyone else and in events. */
interface ShownSql {
  sql?: string;
  /** Why it can't be decrypted. */
  problem?: SecretProblem | undefined;
}

/** The definition that a row holds, with its SQL as it may be shown. */
function definitionIn(row: LoaderRow, sql: string): LoaderInput {
  return {
    code: row.code,
    name: row.name,
    sourceCode: row.source_code,
    sql,
    intervalMs: row.interval_ms,
    historyMs: row.history_ms,
    overlapMs: row.overlap_ms,
    unit: row.unit,
    timeZone: row.time_zone,
  };
}

export function toLoader(row: LoaderRow, lastRun: LoaderRun | null, { sql = hidden, problem }: ShownSql = {}): Loader {
  return {
    ...definitionIn(row, sql),
    state: row.paused === 1 ? 'paused' : row.consecutive_failures > 0 ? 'failing' : 'running',
    version: row.version,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
    loadedTo: row.loaded_to,
    historyProgress: historyProgress(row.history_ms, row.history_from, row.history_to),
    lastRun,
    consecutiveFailures: row.consecutive_failures,
    ...problem,
  };
}

export async function getLoader(query: Queries<'loaders'>, code: string): Promise<LoaderRow> {
  const row = await query.selectFrom('loaders').selectAll().where('code', '=', code).executeTakeFirst();
  if (row === undefined) {
    throw new AppError('not_found', `There is no loader "${code}".`, {
      field: 'code',
      hint: 'It may have been deleted; load the list again.',
    });
  }
  return row;
}

export function allLoaders(query: Queries<'loaders'>): Promise<LoaderRow[]> {
  return query.selectFrom('loaders').selectAll().orderBy('code').execute();
}

/** @returns false when the code is taken */
export async function insertLoader(tx: Tx<'loaders'>, row: LoaderRow): Promise<boolean> {
  const result = await tx
    .insertInto('loaders')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function updateLoader(tx: Tx<'loaders'>, row: LoaderRow): Promise<void> {
  await tx.updateTable('loaders').set(row).where('code', '=', row.code).execute();
}

export async function deleteLoader(tx: Tx<'loaders'>, code: string): Promise<void> {
  await tx.deleteFrom('loaders').where('code', '=', code).execute();
}

/** Returns the newest readable run; null when there is none. */
export async function lastRunOf(query: Queries<'loaders'>, unreadable: UnreadableRows, code: string): Promise<LoaderRun | null> {
  for (const limit of [1, runsKept]) {
    const [newest] = await lastRuns(query, unreadable, code, limit);
    if (newest !== undefined) return newest;
  }
  return null;
}

/** Returns the last runs, newest first. */
export async function lastRuns(
  query: Queries<'loaders'>,
  unreadable: UnreadableRows,
  code: string,
  limit = runsKept,
): Promise<LoaderRun[]> {
  const rows = await query
    .selectFrom('loader_runs')
    .selectAll()
    .where('loader_code', '=', code)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap((row) => unreadable.leaveOut(() => toRun(row)) ?? []);
}

export function newRow(input: LoaderInput, vault: Vault, by: string, now: number): LoaderRow {
  return {
    code: input.code,
    ...definitionOf(input, vault),
    paused: 0,
    version: 1,
    created_at: now,
    updated_at: now,
    updated_by: by,
    loaded_to: null,
    history_from: null,
    history_to: null,
    consecutive_failures: 0,
  };
}

function definitionOf(input: LoaderInput, vault: Vault) {
  return {
    name: input.name,
    source_code: input.sourceCode,
    sql_sealed: vault.seal(input.sql),
    interval_ms: input.intervalMs,
    history_ms: input.historyMs,
    overlap_ms: input.overlapMs,
    unit: input.unit,
    time_zone: input.timeZone,
  };
}

/** @returns null when the SQL can't be opened */
export function openDefinition(row: LoaderRow, vault: Vault): LoaderInput | null {
  const sql = tryOpenSecret(vault, row.sql_sealed);
  return sql === null ? null : definitionIn(row, sql);
}

/** Returns true if the next definition reads other data, so that the history must be loaded again. */
export function needsReload(row: LoaderRow, next: LoaderInput, vault: Vault): boolean {
  return next.sql !== tryOpenSecret(vault, row.sql_sealed) || next.sourceCode !== row.source_code || next.timeZone !== row.time_zone;
}

/** Returns the next version of a loader. It loads its history again if `needsReload`. */
export function redefine(row: LoaderRow, next: LoaderInput, vault: Vault, by: string, now: number): LoaderRow {
  const progress = needsReload(row, next, vault) ? { loaded_to: null, history_from: null, history_to: null } : historyMoved(row, next);
  return {
    ...row,
    ...definitionOf(next, vault),
    version: row.version + 1,
    updated_at: now,
    updated_by: by,
    consecutive_failures: 0,
    ...progress,
  };
}

/** A longer history is loaded from where the old one ended; for a shorter one nothing is deleted. */
function historyMoved(row: LoaderRow, next: LoaderInput): Partial<LoaderRow> {
  if (row.history_from === null || row.history_ms === next.historyMs) return {};
  return { history_from: Math.max(0, row.history_from + row.history_ms - next.historyMs) };
}

/** Publishes the state of the loader in the transaction that changed it. */
export async function publishChanged({ bus, database, vault }: Engines<'loaders'>, tx: Tx<'loaders'>, row: LoaderRow): Promise<void> {
  const problem = tryOpenSecret(vault, row.sql_sealed) === null ? problemOf(vault, row.sql_sealed) : undefined;
  await bus.publish(tx, 'loader.changed', { loader: toLoader(row, await lastRunOf(tx, database.unreadable, row.code), { problem }) });
}

/**
 * Stores a run and the loader's progress in one transaction; publishes the loader if `announce` says that its state changed. Keeps the
 * newest 50 runs, always including the last failed one.
 * @returns false when the loader was changed or deleted in the meantime; nothing is stored then
 */
export function saveRun(
  engines: Engines<'loaders'>,
  row: LoaderRow,
  run: LoaderRun,
  progress: LoadProgress,
  announce: boolean,
): Promise<boolean> {
  return engines.database.transaction(async (tx) => {
    const updated = await tx
      .updateTable('loaders')
      .set(progress)
      .where('code', '=', row.code)
      .where('version', '=', row.version)
      .returningAll()
      .executeTakeFirst();
    if (updated === undefined) return false;
    await tx.insertInto('loader_runs').values(fromRun(run)).execute();
    await tx
      .deleteFrom('loader_runs')
      .where('loader_code', '=', row.code)
      .where('id', 'not in', (query) =>
        query
          .selectFrom('loader_runs')
          .select('id')
          .where('loader_code', '=', row.code)
          .orderBy('id', 'desc')
          .limit(runsKept - 1),
      )
      .where('id', 'not in', (query) =>
        query
          .selectFrom('loader_runs')
          .select('id')
          .where('loader_code', '=', row.code)
          .where('error', 'is not', null)
          .orderBy('id', 'desc')
          .limit(1),
      )
      .execute();
    if (announce) await publishChanged(engines, tx, updated);
    return true;
  });
}
