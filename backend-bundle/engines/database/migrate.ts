import { type Kysely, sql, type Transaction } from 'kysely';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';
import { productVersion } from '#common/contract/version.ts';
import { ddlOf } from './ddl.ts';
import { migrations as released } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import type { Dialect } from './port.ts';
import type { Tables } from './tables.ts';

/** An arbitrary number, the same in every Watchfloor process. Processes that start together migrate one after another. */
const migrationLock = 7_346_201;

/**
 * Migrates the schema to the newest version, each step in a transaction of its own.
 * @throws AppError unavailable when the database was written by a newer version
 */
export async function migrate(
  query: Kysely<Tables>,
  dialect: Dialect,
  log: Logger,
  migrations: readonly Migration[] = released,
): Promise<void> {
  const newest = migrations.at(-1)?.version ?? 0;
  await inTurn(query, dialect, async (tx) => {
    await sql`create table if not exists schema_migrations (
      version integer primary key, name text not null, applied_at bigint not null, product_version text not null)`.execute(tx);
    await refuseForeign(tx, dialect);
    await refuseFuture(tx, newest);
  });
  for (const migration of migrations) {
    await inTurn(query, dialect, async (tx) => {
      const { rows } = await sql`select 1 from schema_migrations where version = ${migration.version}`.execute(tx);
      if (rows.length > 0) return;
      await migration.up(async (statement) => void (await statement.execute(tx)), ddlOf(dialect));
      await sql`insert into schema_migrations (version, name, applied_at, product_version)
        values (${migration.version}, ${migration.name}, ${Date.now()}, ${productVersion})`.execute(tx);
      log.info({ version: migration.version, name: migration.name }, 'database migrated');
    });
  }
}

/** Checks that the schema has this version's number. For accounts that may not migrate it. @throws AppError unavailable */
export async function checkSchema(query: Kysely<Tables>): Promise<void> {
  const newest = released.at(-1)?.version ?? 0;
  await query.transaction().execute((tx) => refuseFuture(tx, newest));
  const { rows } = await sql`select 1 from schema_migrations where version = ${newest}`.execute(query);
  if (rows.length > 0) return;
  throw new AppError('unavailable', `The tables of the database are older than Watchfloor ${productVersion} needs.`, {
    hint: 'Run “migrate” with the account that owns the tables, then start the services.',
  });
}

/**
 * Runs `work` in a transaction that excludes other migrations. SQLite's write transactions do so by themselves; PostgreSQL needs a lock.
 */
function inTurn(query: Kysely<Tables>, dialect: Dialect, work: (tx: Transaction<Tables>) => Promise<void>): Promise<void> {
  // Each statement must see what the previous holder of the lock committed, so no snapshot may be taken while waiting.
  const transaction = query.transaction().setIsolationLevel('read committed');
  return transaction.execute(async (tx) => {
    if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(tx);
    await work(tx);
  });
}

/** Refuses a PostgreSQL schema in which another program has tables under our names. A SQLite file is recognised by its header. */
async function refuseForeign(tx: Transaction<Tables>, dialect: Dialect): Promise<void> {
  if (dialect === 'sqlite') return;
  const { rows } = await sql`select 1 where not exists (select from schema_migrations)
    and (to_regclass('meta') is not null or to_regclass('users') is not null)`.execute(tx);
  if (rows.length === 0) return;
  throw new AppError(
    'unavailable',
    'The database holds tables of another program, under names that Watchfloor uses. It was left as it is.',
    {
      hint: 'Give Watchfloor a database of its own (createdb watchfloor) and name it in the database URL.',
    },
  );
}

async function refuseFuture(tx: Transaction<Tables>, newest: number): Promise<void> {
  const { rows } = await sql<{ version: number; product_version: string }>`
    select version, product_version from schema_migrations order by version desc limit 1`.execute(tx);
  const found = rows[0];
  if (found === undefined || found.version <= newest) return;
  throw new AppError(
    'unavailable',
    `The database has schema ${found.version}, written by Watchfloor ${found.product_version}; this is Watchfloor ${productVersion}, which knows schemas up to ${newest}. It was left as it is.`,
    { hint: `Start Watchfloor ${found.product_version} or newer, or restore a backup made with ${productVersion}.` },
  );
}
