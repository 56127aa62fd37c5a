import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open as openFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#backend/engines/database/open.ts';
import type { Database } from '#backend/engines/database/port.ts';
import { onPostgres, onSqlite, silent, until } from './adapters.ts';

const put = (database: Database, key: string, value = '') => database.query.insertInto('meta').values({ key, value }).execute();
const keysOf = async (database: Database) =>
  (await database.query.selectFrom('meta').select('key').orderBy('key').execute()).map(({ key }) => key);

/** Writes until the disk is full, in every way there is to write, then makes room and writes again. */
async function fillAndGoOn(database: Database, makeRoom: () => Promise<void>): Promise<void> {
  const full = { code: 'disk_full', message: expect.stringContaining('is full'), hint: expect.stringContaining('Free some space') };
  const big = 'x'.repeat(100_000);
  const stored: string[] = [];
  const filling = (async () => {
    for (let i = 0; ; i++) {
      await put(database, `row-${String(i).padStart(4, '0')}`, big);
      stored.push(`row-${String(i).padStart(4, '0')}`);
    }
  })();
  await expect(filling).rejects.toMatchObject(full);
  expect(stored.length).toBeGreaterThan(3);
  await expect(
    database.transaction((tx) =>
      tx
        .insertInto('meta')
        .values({ key: 'tx', value: big.repeat(3) })
        .execute(),
    ),
  ).rejects.toMatchObject(full);
  const n = 50_000;
  const column = Array.from({ length: n }, (_, i) => i);
  const points = { series_id: column, t: column, count: column, min: column, max: column, avg: column, sum: column };
  await expect(database.upsertMany('points', points, ['series_id', 't'])).rejects.toMatchObject(full);
  // Reading continues, and acknowledged points are there.
  expect(await keysOf(database)).toEqual(stored);

  await makeRoom();
  await put(database, 'after');
  await database.transaction((tx) =>
    tx
      .insertInto('meta')
      .values({ key: 'after-tx', value: big.repeat(3) })
      .execute(),
  );
  await database.upsertMany('points', points, ['series_id', 't']);
  expect(await keysOf(database)).toEqual(['after', 'after-tx', ...stored]);
  const row = await database.query
    .selectFrom('points')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirst();
  expect(row?.n).toBe(n);
}

onSqlite('a full disk', ({ fresh, open }) => {
  it('is reported, loses nothing stored, and is cleared when there is space (page limit)', async () => {
    const location = await fresh();
    const database = await open(location);
    await sql`pragma max_page_count = 800`.execute(database.query);
    await fillAndGoOn(database, async () => void (await sql`pragma max_page_count = 100000`.execute(database.query)));
  });
});

describe('a full disk, for real', () => {
  const mounted: string[] = [];
  afterEach(async () => {
    for (const folder of mounted.splice(0)) {
      execFileSync('umount', ['-l', folder]);
      await rm(folder, { recursive: true });
    }
  });

  it('is reported, loses nothing stored, and is cleared when there is space', async ({ skip }) => {
    const folder = await mkdtemp(join(tmpdir(), 'watchfloor-full-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder], { stdio: 'ignore' });
      mounted.push(folder);
    } catch {
      await rm(folder, { recursive: true });
      skip('only root may mount a small disk; the test with a page limit stands in');
    }
    const database = await openDatabase({ file: join(folder, 'watchfloor.db') }, silent);
    await fillAndGoOn(database, async () => void execFileSync('mount', ['-o', 'remount,size=64m', folder]));
    await database.close();
  });
});

onSqlite('a file that cannot be used', ({ fresh, open }) => {
  const fileOf = async () => {
    const location = await fresh();
    return 'file' in location ? location.file : '';
  };
  async function refused(file: string, message: RegExp): Promise<void> {
    const before = await readFile(file);
    await expect(openDatabase({ file }, silent)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/backup|data folder/),
    });
    await expect(openDatabase({ file }, silent)).rejects.toMatchObject({ message: expect.stringContaining(file) });
    expect((await readFile(file)).equals(before)).toBe(true);
  }
  async function written(): Promise<string> {
    const file = await fileOf();
    const database = await openDatabase({ file }, silent);
    for (let i = 0; i < 200; i++) await put(database, `key-${i}`, 'y'.repeat(500));
    await database.close();
    return file;
  }

  it('is refused and not changed if it is not a database', async () => {
    const file = await fileOf();
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, 'definitely not SQLite, but long enough to have a header '.repeat(40));
    await refused(file, /damaged/);
  });

  it('is refused and not changed if pages in it are damaged', async () => {
    const file = await written();
    const handle = await openFile(file, 'r+');
    const { size } = await handle.stat();
    for (let at = 4096 * 30; at + 4096 < size; at += 4096) await handle.write(Buffer.alloc(2_000, 0xa5), 0, 2_000, at);
    await handle.close();
    await refused(file, /damaged/);
  });

  it('is refused and not changed if its end is missing', async () => {
    const file = await written();
    await truncate(file, 4096 * 20);
    await refused(file, /damaged/);
  });

  it('is refused and not changed if it belongs to another program', async () => {
    const file = await fileOf();
    await mkdir(join(file, '..'), { recursive: true });
    const other = new Sqlite(file);
    other.exec('create table users (id integer); insert into users values (1)');
    other.close();
    await refused(file, /another program/);
  });

  it('is refused if it is a folder, or if its folder cannot be created', async () => {
    const file = await fileOf();
    await mkdir(file, { recursive: true });
    await expect(openDatabase({ file }, silent)).rejects.toMatchObject({ code: 'unavailable', hint: expect.stringContaining('folder') });
    const plain = join(file, 'plain');
    await writeFile(plain, '');
    const under = openDatabase({ file: join(plain, 'data', 'watchfloor.db') }, silent);
    await expect(under).rejects.toMatchObject({ code: 'unavailable', hint: expect.stringContaining('folder') });
  });

  it('is created readable for this user only', async () => {
    const file = await written();
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('refuses a write outside the transaction that is open, which would wait for itself', async () => {
    const database = await open();
    const beside = database.transaction(async () => {
      await put(database, 'beside');
    });
    await expect(beside).rejects.toThrow('use the transaction’s tx');
    await put(database, 'after');
    expect(await keysOf(database)).toEqual(['after']);
  });

  it('names another process that holds it', async () => {
    const file = await written();
    const database = await open({ file });
    const other = new Sqlite(file);
    other.exec('begin immediate');
    await expect(put(database, 'a')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('held by another process'),
    });
    other.exec('rollback');
    other.close();
    await put(database, 'b');
  });
});

onPostgres('a server that cannot be used', ({ fresh, open, server }) => {
  const urlOf = async () => {
    const location = await fresh();
    return 'url' in location ? location.url : '';
  };

  it('is named with the fix and without the password if nothing listens there', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await until('a port', () => listener.listening);
    const address = listener.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => listener.close(resolve));
    const attempt = openDatabase({ url: `postgres://me:hunter2@127.0.0.1:${port}/floor` }, silent);
    await expect(attempt).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:${port}/floor cannot be reached`)),
      hint: expect.stringContaining('host and port'),
    });
    await expect(attempt).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
  });

  it('is distinguished from one without the database, and one without the user', async () => {
    const url = await urlOf();
    await expect(openDatabase({ url: url.replace(/shared_\d+/, 'missing') }, silent)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no such database'),
      hint: expect.stringContaining('createdb'),
    });
    await expect(openDatabase({ url: url.replace('watchfloor@', 'stranger@') }, silent)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('refused the sign-in'),
    });
  });

  it('is used again automatically after an outage, including announcements', async () => {
    const location = await fresh();
    const [here, there] = [await open(location), await open(location)];
    const heard: string[] = [];
    await there.listen('news', (text) => heard.push(text));
    await put(here, 'before');
    await server().kill();
    await expect(put(here, 'away')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/cannot be reached|shutting down/),
    });
    await expect(here.transaction((tx) => tx.insertInto('meta').values({ key: 'tx', value: '' }).execute())).rejects.toMatchObject({
      code: 'unavailable',
    });
    await server().start();
    await until('a write', () =>
      put(here, 'back').then(
        () => true,
        () => false,
      ),
    );
    await until(
      'an announcement',
      async () => {
        await here.notify('news', 'hello');
        return heard.length > 0;
      },
      60_000,
    );
    expect(await keysOf(there)).toEqual(['back', 'before']);
  });

  it('is refused and not changed if its tables are of another program', async () => {
    const location = await fresh();
    const database = await open(location);
    await sql`drop table schema_migrations`.execute(database.query);
    await put(database, 'theirs');
    await expect(openDatabase(location, silent)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('another program'),
    });
    expect(await keysOf(database)).toEqual(['theirs']);
  });
});
