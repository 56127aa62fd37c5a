import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { combineOperations } from './operations.ts';
import { testOperations } from './test-operations.ts';

const open = () =>
  openDatabase({
    file: join(dir, 'test.db'),
    threadUrl: new URL('./test-thread.ts', import.meta.url),
    operations: testOperations,
    log: pino({ level: 'silent' }),
    now: Date.now,
  });
let dir: string;
let database: Awaited<ReturnType<typeof open>>;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-database-'));
  database = await open();
});
afterEach(async () => {
  await database.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('a database thread that ends', () => {
  test('rejects its calls, rolls back the open transaction, and is replaced at the next call', async () => {
    await database.write.add({ word: 'kept' });
    const ended = database.write.addAndEnd({ word: 'lost' });
    const queued = database.write.add({ word: 'never begun' });
    await expect(ended).rejects.toMatchObject({ code: 'unavailable', hint: expect.stringContaining('Try again') });
    await expect(queued).rejects.toMatchObject({ code: 'unavailable' });
    await database.write.add({ word: 'added by the next thread' });
    expect(await database.read.words()).toEqual(['kept', 'added by the next thread']);
  });

  test('as a reader is replaced while the others answer', async () => {
    await database.write.add({ word: 'kept' });
    // Each call ends its thread: both readers, and the writer when it replaces one.
    for (let i = 0; i < 5; i++) await expect(database.read.endReader()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await Promise.all(Array.from({ length: 9 }, () => database.read.words()))).toEqual(Array(9).fill(['kept']));
    await database.write.add({ word: 'and more' });
    expect(await database.read.words()).toEqual(['kept', 'and more']);
  });

  test('by closing refuses further calls and starts no other thread', async () => {
    await database.close();
    await expect(database.write.add({ word: 'late' })).rejects.toMatchObject({ code: 'unavailable', message: 'The console is closing.' });
    await expect(database.read.words()).rejects.toMatchObject({ code: 'unavailable' });
    database = await open();
    expect(await database.read.words()).toEqual([]);
  });
});

describe('operations of two features', () => {
  const operation = (): number => 1;

  test.each([
    ['two reads', { reads: { list: operation } }, { reads: { list: operation } }],
    ['two writes', { writes: { list: operation } }, { writes: { list: operation } }],
    ['a read and a write, which the writer serves both', { reads: { list: operation } }, { writes: { list: operation } }],
  ])('cannot share a name: %s', (_case, alerts, rules) => {
    expect(() => combineOperations({ alerts, rules })).toThrow('The database operation list is defined twice, by alerts and by rules.');
  });

  test('are found under their own names', () => {
    const combined = combineOperations({ alerts: { reads: { list: operation } }, rules: { writes: { change: operation } } });
    expect(combined).toEqual({ reads: { list: operation }, writes: { change: operation }, transfers: {} });
  });
});
