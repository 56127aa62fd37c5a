import { sql } from 'kysely';
import { Client } from 'pg';
import type { Queries } from '../port.ts';
import { type Owner, owners } from '../tables.ts';

/** Services that have tables, and so can have their own schema. */
const services = [...new Set(Object.values(owners))].filter((owner) => owner !== 'engines');
/** The schema of a service, and the role that may use it. */
const nameOf = (service: Owner) => `watchfloor_${service}`;

/** The layout of a database: one schema for all tables, or one for each service. */
export interface SchemaLayout {
  /** The search path of the account, without which its own tables are not found. */
  searchPath: string;
  /** True if each service has its own schema. */
  isSeparate: boolean;
}

/** Reads the layout over a separate session, because sessions of a pool need the search path when they start. */
export async function readLayout(url: string): Promise<SchemaLayout> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ path: string; found: boolean }>(
      `select current_setting('search_path') as path, exists (select from pg_namespace where nspname = any($1)) as found`,
      [services.map(nameOf)],
    );
    return { searchPath: rows[0]?.path ?? 'public', isSeparate: rows[0]?.found ?? false };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Returns the URL whose search path finds tables in per-service schemas. The schema common to all comes first: new tables are created there
 * before they are moved to the schema of their service.
 * @param service find only this service's tables; all tables when absent
 */
export function withSearchPath(url: string, { searchPath }: SchemaLayout, service?: Owner): string {
  const own = (service === undefined ? services : services.filter((one) => one === service)).map(nameOf);
  const path = [...searchPath.split(',').map((part) => part.trim()), ...own].filter((part, i, all) => all.indexOf(part) === i);
  const parsed = new URL(url);
  const before = parsed.searchParams.get('options');
  const option = `-c search_path=${path.join(',')}`;
  parsed.searchParams.set('options', before === null ? option : `${before} ${option}`);
  return parsed.toString();
}

/**
 * Moves each table into the schema of its service, and grants that service's role access to it and to the common tables only. Leaves
 * existing schemas and grants as they are, so it can run after every migration.
 * @returns the roles that do not exist, and so were granted nothing
 */
export async function separateSchemas(query: Queries): Promise<string[]> {
  return query.transaction().execute(async (tx) => {
    const { rows: places } = await sql<{ name: string; place: string }>`
      select relname as name, relnamespace::regnamespace::text as place from pg_class
      where oid = any (select to_regclass(name) from unnest(${[...Object.keys(owners), 'schema_migrations']}::text[]) as name)`.execute(tx);
    const placeOf = new Map(places.map(({ name, place }) => [name, place]));
    const common = placeOf.get('meta') ?? 'public';
    const { rows: roles } = await sql<{ rolname: string }>`select rolname from pg_roles`.execute(tx);
    const isRole = new Set(roles.map(({ rolname }) => rolname));
    for (const service of services) {
      const schema = nameOf(service);
      await sql`create schema if not exists ${sql.id(schema)}`.execute(tx);
      for (const [table, owner] of Object.entries(owners)) {
        if (owner !== service || placeOf.get(table) === schema) continue;
        await sql`alter table ${sql.table(table)} set schema ${sql.id(schema)}`.execute(tx);
      }
      if (!isRole.has(schema)) continue;
      await sql`grant usage on schema ${sql.id(schema)} to ${sql.id(schema)}`.execute(tx);
      await sql`grant select, insert, update, delete on all tables in schema ${sql.id(schema)} to ${sql.id(schema)}`.execute(tx);
    }
    const users = [...services, 'conveyor'].map((service) => `watchfloor_${service}`);
    for (const role of users.filter((name) => isRole.has(name))) await grantCommon(tx, common, role);
    return users.filter((role) => !isRole.has(role));
  });
}

/**
 * Grants access to the tables that every service uses besides its own: events, leases and points. Services may append to the audit log, but
 * not read it.
 */
async function grantCommon(tx: Queries, schema: string, role: string): Promise<void> {
  await sql`grant usage on schema ${sql.id(schema)} to ${sql.id(role)}`.execute(tx);
  for (const [table, owner] of Object.entries(owners)) {
    if (owner !== 'engines') continue;
    const rights = table === 'audit' ? sql`insert` : sql`select, insert, update, delete`;
    await sql`grant ${rights} on ${sql.table(table)} to ${sql.id(role)}`.execute(tx);
  }
  await sql`grant select on schema_migrations to ${sql.id(role)}`.execute(tx);
}
