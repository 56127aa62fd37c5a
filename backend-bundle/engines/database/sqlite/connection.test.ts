import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SqliteConnection } from './connection.ts';
import { SqliteFile } from './file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-connection-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (sql: string) => ({ kind: 'run', sql, parameters: [] }) as const;

it('rejects the calls of a thread that ended, and starts another at the next call', async () => {
  const connection = new SqliteConnection({ file: join(folder, 'a.db'), readonly: false });
  await connection.open();
  await connection.call(run('create table t (a)'));
  const [ended, lost] = await Promise.allSettled([connection.call({ kind: 'close' }), connection.call(run('insert into t values (1)'))]);
  expect(ended.status).toBe('fulfilled');
  expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'unavailable', hint: expect.stringContaining('Try again') } });
  expect(connection.load).toBe(0);
  expect((await connection.call(run('select count(*) as n from t'))).rows).toEqual([{ n: 0 }]);
  expect(connection.generation).toBe(1);
  await connection.close();
});

it('does not continue a transaction whose thread has ended', async () => {
  const file = await SqliteFile.open(join(folder, 'b.db'), pino({ level: 'silent' }));
  await file.writeAlone(run('create table t (a)'));
  await file.write(run('begin immediate'));
  const before = file.generation;
  await file.write(run('insert into t values (1)'), before);
  await file.write({ kind: 'close' });
  while (file.generation === before) await new Promise((resolve) => setTimeout(resolve, 5));
  const stray = file.write(run('insert into t values (2)'), before);
  await expect(stray).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('was lost') });
  await file.writeAlone(run('insert into t values (3)'));
  expect((await file.read(run('select a from t'))).rows).toEqual([{ a: 3 }]);
  await file.close();
});

it('opens a file whose tables come and go meanwhile, as when several processes migrate it', async () => {
  const file = join(folder, 'c.db');
  const first = new SqliteConnection({ file, readonly: false });
  await first.open();
  const other = new Database(file, { timeout: 5_000 });
  const tables = Array.from({ length: 100 }, (_, i) => `t${i}`);
  const others = Array.from({ length: 5 }, () => new SqliteConnection({ file, readonly: false }));
  const opened = Promise.all(others.map((connection) => connection.open())).then(() => 'opened');
  while ((await Promise.race([opened, nextTurn()])) !== 'opened') {
    other.exec(tables.map((table) => `create table ${table} (a);`).join('\n'));
    other.exec(tables.map((table) => `drop table ${table};`).join('\n'));
  }
  for (const connection of [first, ...others]) await connection.close();
  other.close();
});
