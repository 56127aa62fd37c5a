import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/port.ts';
import type { Locks } from './port.ts';

/** Maximum number of names in one statement. */
const maxNames = 500;

/**
 * Locks stored as rows of the shared database. Each call of this function creates a separate holder: two parts of one process that must
 * exclude each other need one each, or different lock names.
 * @param holder name of this process in the table, for people; a random suffix is added
 */
export function openLocks(database: Database<'engines'>, holder = `pid-${process.pid}`): Locks {
  const me = `${holder}/${randomUUID()}`;
  const now = clockOf(database);
  const acquire = async (names: readonly string[], ttlMs: number) => {
    const values = names.map((name) => sql`(${name}, ${me}, 1, ${now} + ${sql.lit(Math.round(ttlMs))})`);
    const { rows } = await sql<{ name: string; fence: number }>`
      insert into leases (name, holder, fence, expires_at) values ${sql.join(values)}
      on conflict (name) do update set
        fence = case when leases.holder = excluded.holder then leases.fence else leases.fence + 1 end,
        holder = excluded.holder,
        expires_at = excluded.expires_at
      where leases.holder = excluded.holder or leases.expires_at <= ${now}
      returning name, fence`.execute(database.query);
    return rows;
  };
  // The rows stay, so that the next holder's fence is higher than this one's.
  const release = async (names: readonly string[]) => {
    const { query, dialect } = database;
    const mine = query.selectFrom('leases').select('name').where('name', 'in', names).where('holder', '=', me);
    // In the order of `acquireMany`, for the same reason. SQLite has a single writer, which needs no order.
    const locked = dialect === 'postgres' ? mine.orderBy(sql`name collate "C"`).forUpdate() : mine;
    await query.updateTable('leases').set({ expires_at: 0 }).where('name', 'in', locked).execute();
  };
  return {
    async acquire(name, ttlMs) {
      return (await acquire([name], ttlMs))[0]?.fence ?? null;
    },
    async acquireMany(names, ttlMs) {
      const held = new Set<string>();
      // In one order everywhere: otherwise two processes could wait for each other's rows.
      const sorted = names.toSorted();
      for (let from = 0; from < sorted.length; from += maxNames)
        for (const { name } of await acquire(sorted.slice(from, from + maxNames), ttlMs)) held.add(name);
      return held;
    },
    async releaseMany(names) {
      for (let from = 0; from < names.length; from += maxNames) await release(names.slice(from, from + maxNames));
    },
    release: (name) => release([name]),
  };
}

/** All competing processes use one clock: the server's, because hosts' clocks differ. A SQLite file is only used on one host. */
function clockOf({ dialect }: Pick<Database, 'dialect'>): RawBuilder<number> {
  return dialect === 'postgres'
    ? sql`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql`cast(unixepoch('subsec') * 1000 as integer)`;
}
