import { createHash } from 'node:crypto';
import { AppError } from '#common/contract/errors.ts';
import { type Loader, type LoaderInput, loaderInput, loaders } from '#common/contract/loaders.ts';
import { hidden } from '#common/contract/sources.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import { checkCodeUnchanged, checkNotReserved } from '../codes.ts';
import { type Caller, type Commit, type Handlers, type RequestTo, type Route, routes } from '../service.ts';
import { problemOf, type SourceConnections, tryOpenSecret } from './connections.ts';
import type { Fleet } from './fleet.ts';
import {
  allLoaders,
  deleteLoader,
  getLoader,
  insertLoader,
  type LoaderRow,
  lastRunOf,
  lastRuns,
  needsReload,
  newRow,
  publishChanged,
  redefine,
  toLoader,
  updateLoader,
} from './loaders.store.ts';
import { preview, probe } from './preview.ts';
import { getSource } from './sources.store.ts';

/** Endpoints of the loaders. */
export function loaderRoutes(engines: Engines<'loaders'>, connections: SourceConnections, fleet: Fleet): Route[] {
  const { database, now } = engines;

  async function list(caller: Caller): Promise<{ items: Loader[] }> {
    const rows = await allLoaders(database.query);
    return { items: await Promise.all(rows.map((row) => toLoaderFor(caller, engines, database.query, row))) };
  }

  return routes(loaders, {
    list: ({ caller }) => list(caller),
    listFormerly: ({ caller }) => list(caller),

    get: async ({ params, caller }) => toLoaderFor(caller, engines, database.query, await getLoader(database.query, params.code)),

    ...changeHandlers({ engines, connections, fleet }),

    run: async ({ params, caller }) => {
      await getLoader(database.query, params.code);
      await audit(database.query, { actor: caller.name, action: 'loader.run', entity: params.code, at: now() });
      return fleet.runNow(params.code);
    },

    runs: async ({ params }) => {
      await getLoader(database.query, params.code);
      return { items: await lastRuns(database.query, database.unreadable, params.code) };
    },

    preview: async ({ body, caller, signal }) => {
      const { sourceCode, sql, timeZone } = body;
      const connection = await connections.to(sourceCode);
      await audit(database.query, {
        actor: caller.name,
        action: 'loader.previewed',
        entity: sourceCode,
        detail: { sqlSha256: createHash('sha256').update(sql).digest('hex') },
        at: now(),
      });
      return preview(connection, { sql, timeZone, now: now(), signal });
    },
  });
}

/** Returns the loader with its last run. Only administrators see the SQL. @param query the database's `query`, or a transaction */
async function toLoaderFor(
  caller: Caller,
  { database, vault }: Engines<'loaders'>,
  query: Queries<'loaders'>,
  row: LoaderRow,
): Promise<Loader> {
  const sql = tryOpenSecret(vault, row.sql_sealed);
  const isAdministrator = caller.role === 'ADMIN';
  return toLoader(row, await lastRunOf(query, database.unreadable, row.code), {
    sql: isAdministrator && sql !== null ? sql : hidden,
    problem: sql === null ? problemOf(vault, row.sql_sealed) : undefined,
  });
}

interface Parts {
  engines: Engines<'loaders'>;
  connections: SourceConnections;
  fleet: Fleet;
}
type Changes = Pick<typeof loaders, 'create' | 'update' | 'remove' | 'pause' | 'resume'>;

function changeHandlers(parts: Parts): Handlers<Changes> {
  const { engines, fleet } = parts;
  return {
    create: (request) => create(parts, request),
    update: (request) => update(parts, request),

    remove: async ({ params, caller, commit }) => {
      await commit(engines.database, async (tx) => {
        await getLoader(tx, params.code);
        await deleteLoader(tx, params.code);
        await audit(tx, { actor: caller.name, action: 'loader.deleted', entity: params.code, at: engines.now() });
        await engines.bus.publish(tx, 'loader.deleted', { loaderCode: params.code });
      });
      await fleet.sync();
    },

    pause: ({ params, ...by }) => change(parts, params.code, by, 'loader.paused', async () => ({ paused: 1 })),
    resume: ({ params, ...by }) => change(parts, params.code, by, 'loader.resumed', async () => ({ paused: 0 })),
  };
}

async function create(parts: Parts, { body, caller, commit, signal }: RequestTo<typeof loaders.create>): Promise<Loader> {
  const { database, vault, now } = parts.engines;
  checkNotReserved('loader', loaders.create.path, body.code);
  if (body.sql === hidden) throw keptNothing();
  await checkSql(parts, body, signal);
  const row = newRow(body, vault, caller.name, now());
  const loader = await commit(database, async (tx) => {
    await getSource(tx, body.sourceCode, 'sourceCode');
    if (!(await insertLoader(tx, row))) throw codeIsTaken(body.code);
    await audit(tx, { actor: caller.name, action: 'loader.created', entity: row.code, at: now() });
    await publishChanged(parts.engines, tx, row);
    return toLoaderFor(caller, parts.engines, tx, row);
  });
  await parts.fleet.sync();
  return loader;
}

async function update(parts: Parts, { params, body, caller, commit, signal }: RequestTo<typeof loaders.update>): Promise<Loader> {
  const { database, vault, now } = parts.engines;
  const { version, ...rest } = body;
  const input = loaderInput.parse(rest);
  checkCodeUnchanged('loader', params.code, input.code, 'Its signals are kept under the code. Create another loader instead.');
  const current = await getLoader(database.query, params.code);
  checkVersion(current, version);
  const before = tryOpenSecret(vault, current.sql_sealed);
  const next: LoaderInput = input.sql === hidden ? { ...input, sql: before ?? cannotKeep() } : input;
  if (needsReload(current, next, vault)) await checkSql(parts, next, signal);
  return change(parts, params.code, { caller, commit }, 'loader.updated', async (tx, row) => {
    checkVersion(row, version);
    await getSource(tx, next.sourceCode, 'sourceCode');
    return redefine(row, next, vault, caller.name, now());
  });
}

/** @throws AppError sql_rejected; validation_failed for an account or a file that sources may not use */
async function checkSql({ engines, connections }: Parts, { sourceCode, sql, timeZone }: LoaderInput, signal: AbortSignal): Promise<void> {
  await probe(await connections.to(sourceCode), { sql, timeZone, now: engines.now(), signal });
}

/** Applies a change, publishes it, and updates the runners before replying. */
async function change(
  { engines, fleet }: Parts,
  code: string,
  { caller, commit }: { caller: Caller; commit: Commit<Loader> },
  action: string,
  work: (tx: Tx<'loaders'>, row: LoaderRow) => Promise<Partial<LoaderRow>>,
): Promise<Loader> {
  const loader = await commit(engines.database, async (tx) => {
    const before = await getLoader(tx, code);
    const after = { ...before, ...(await work(tx, before)) };
    await updateLoader(tx, after);
    await audit(tx, { actor: caller.name, action, entity: code, at: engines.now() });
    await publishChanged(engines, tx, after);
    return toLoaderFor(caller, engines, tx, after);
  });
  await fleet.sync();
  return loader;
}

function codeIsTaken(code: string): AppError {
  return new AppError('conflict', `A loader with the code "${code}" exists already.`, {
    field: 'code',
    hint: 'Choose another code, or change that loader.',
  });
}

function keptNothing(): AppError {
  return new AppError('validation_failed', 'The SQL of a new loader cannot be "***".', {
    field: 'sql',
    hint: '"***" keeps the stored SQL of a loader that exists. Write the query.',
  });
}

function cannotKeep(): never {
  throw new AppError('validation_failed', 'The stored SQL can’t be read, so it can’t be kept.', {
    field: 'sql',
    hint: 'Enter the query again.',
  });
}

function checkVersion(row: LoaderRow, version: number): void {
  if (row.version === version) return;
  throw new AppError(
    'version_conflict',
    `${row.updated_by} changed loader "${row.code}" in the meantime: it is at version ${row.version}, not ${version}.`,
    { field: 'version', hint: 'Load it again, look at what changed, and repeat your change.' },
  );
}
