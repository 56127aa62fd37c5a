import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Database } from '#backend/engines/database/port.ts';
import { openLocks } from '#backend/engines/locks/open.ts';
import { Lease } from '#backend/engines/locks/port.ts';
import { onEachAdapter, silent } from './adapters.ts';

onEachAdapter('locks', ({ dialect, fresh, open }) => {
  it('has one holder per name, who may renew it, until it is released', async () => {
    const database = await open();
    const [a, b] = [openLocks(database), openLocks(database)];
    expect([await a.acquire('x', 60_000), await b.acquire('x', 60_000), await a.acquire('x', 60_000)]).toEqual([1, null, 1]);
    expect(await b.acquire('y', 60_000)).toBe(1);
    await b.release('x');
    expect(await b.acquire('x', 60_000)).toBeNull();
    await a.release('x');
    expect(await b.acquire('x', 60_000)).toBe(2);
  });

  it('passes to another holder after it expires, with a higher fence, which the late holder notices', async () => {
    const database = await open();
    const [a, b] = [openLocks(database), openLocks(database)];
    expect(await a.acquire('x', 40)).toBe(1);
    await expect.poll(() => b.acquire('x', 60_000)).toBe(2);
    expect(await a.acquire('x', 60_000)).toBeNull();
  });

  it('as a lease is renewed automatically; a holder that lost it notices, and has to acquire it again', async () => {
    const database = await open();
    const options = { ttlMs: 300, renews: true, log: silent };
    const [one, other] = [0, 1].map(() => new Lease(openLocks(database), 'work', options)) as [Lease, Lease];
    const row = database.query.selectFrom('leases').select('expires_at').where('name', '=', 'work');
    const expiresAt = async () => (await row.executeTakeFirstOrThrow()).expires_at;
    expect([await one.hold(), await one.hold(), await other.hold()]).toEqual(['gained', 'kept', 'elsewhere']);
    const first = await expiresAt();
    await expect.poll(expiresAt).toBeGreaterThan(first);
    await database.query.updateTable('leases').set({ holder: 'another', expires_at: 8e15 }).execute();
    await expect.poll(() => one.hold()).toBe('elsewhere');
    await database.query.updateTable('leases').set({ expires_at: 0 }).execute();
    expect(await one.hold()).toBe('gained');
    await one.release();
    expect([await other.hold(), await one.hold()]).toEqual(['gained', 'elsewhere']);
    await other.release();
  });

  it('has one winner however many processes try at once', async () => {
    const location = await fresh();
    const databases = dialect === 'postgres' ? [await open(location), await open(location), await open(location)] : [await open(location)];
    const contenders = Array.from({ length: 24 }, (_, i) => openLocks(databases[i % databases.length] as (typeof databases)[number]));
    for (let round = 1; round <= 5; round++) {
      const fences = await Promise.all(contenders.map((locks) => locks.acquire('x', 60_000)));
      expect(fences.filter((fence) => fence !== null)).toHaveLength(1);
      await contenders[fences.findIndex((fence) => fence !== null)]?.release('x');
    }
  });

  it('acquires, renews and releases many leases at once, and leaves those of others alone', async () => {
    const database = await open();
    const [a, b] = [openLocks(database), openLocks(database)];
    const names = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `rule ${from + i}`);
    expect(await a.acquireMany(names(0, 700), 60_000)).toEqual(new Set(names(0, 700)));
    expect(await b.acquireMany(names(400, 1_300), 60_000)).toEqual(new Set(names(700, 1_300)));
    expect(await a.acquireMany(names(0, 1_300), 60_000)).toEqual(new Set(names(0, 700)));
    await b.releaseMany(names(0, 1_000));
    expect(await a.acquireMany(names(0, 1_300), 60_000)).toEqual(new Set(names(0, 1_000)));
    expect(await a.acquireMany([], 60_000)).toEqual(new Set());
  });

  it('gives many expired leases to another holder, with higher fences', async () => {
    const database = await open();
    const [a, b] = [openLocks(database), openLocks(database)];
    const fences = async () =>
      (await database.query.selectFrom('leases').select('fence').orderBy('name').execute()).map(({ fence }) => fence);
    await a.acquireMany(['x', 'y'], 60_000);
    expect(await fences()).toEqual([1, 1]);
    await a.acquireMany(['x', 'y'], 60_000);
    expect(await fences()).toEqual([1, 1]);
    await database.query.updateTable('leases').set({ expires_at: 0 }).where('name', '=', 'y').execute();
    expect(await b.acquireMany(['x', 'y'], 60_000)).toEqual(new Set(['y']));
    expect(await fences()).toEqual([1, 2]);
    expect(await a.acquireMany(['x', 'y'], 60_000)).toEqual(new Set(['x']));
  });

  it('has one winner for each of many leases however many processes try at once', async () => {
    const location = await fresh();
    const databases = dialect === 'postgres' ? [await open(location), await open(location), await open(location)] : [await open(location)];
    const names = Array.from({ length: 50 }, (_, i) => `rule ${i}`);
    const contenders = Array.from({ length: 6 }, (_, i) => openLocks(databases[i % databases.length] as (typeof databases)[number]));
    const won = await Promise.all(contenders.map((locks, i) => locks.acquireMany(i % 2 === 0 ? names : names.toReversed(), 60_000)));
    expect(won.flatMap((held) => [...held]).sort()).toEqual(names.toSorted());
  });

  it('releases and acquires the same leases in two processes at once, whatever the order of their rows', async () => {
    const names = ['z', 'm', 'a'];
    const location = await fresh();
    const ours = await open(location);
    const [theirs, third] = dialect === 'postgres' ? [await open(location), await open(location)] : [ours, ours];
    const [a, b] = [openLocks(ours), openLocks(theirs)];
    // The rows are stored in the opposite order of their names, and the planner knows that reading all of them is cheapest.
    for (const name of names) await a.acquire(name, 60_000);
    await sql`analyze leases`.execute(ours.query);
    const [isHeld, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = third.transaction(async (tx) => {
      await tx.updateTable('leases').set({ fence: 7 }).where('name', '=', 'm').execute();
      isHeld.resolve();
      await end.promise;
    });
    await isHeld.promise;
    const both = Promise.all([a.releaseMany(names), b.acquireMany(names, 60_000)]);
    // Both wait half-way for the row in the middle, or one behind the other. SQLite lets one statement write at a time.
    if (dialect === 'postgres')
      await expect
        .poll(() => countWaiting(third))
        .toBe(2)
        .finally(end.resolve);
    end.resolve();
    await Promise.all([holding, both]);
    expect(await b.acquireMany(names, 60_000)).toEqual(new Set(names));
  });
});

/** Returns how many sessions of a PostgreSQL database wait for a row or a transaction. */
async function countWaiting({ query }: Database): Promise<number | undefined> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(query);
  return rows[0]?.count;
}
