import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '#backend/engines/database/open.ts';
import type { Database } from '#backend/engines/database/port.ts';
import { openVault } from '#backend/engines/vault/open.ts';
import { Idempotency, type RecordAnswer, retentionMs, type StoredReply } from '#backend/http/idempotency.ts';
import type { Caller } from '#backend/services/service.ts';
import { AppError } from '#common/contract/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-idempotency-'));
const log = pino({ level: 'silent' });
const caller: Caller = { id: 'caller', name: 'caller', role: 'OPERATOR' };
const ok = (body: string): StoredReply => ({ status: 200, body });

/** Begins a call that never ends. */
async function beginEndless(call: Parameters<Idempotency['once']>[0]): Promise<void> {
  const begun = Promise.withResolvers<void>();
  void store.once(call, () => {
    begun.resolve();
    return new Promise(() => undefined);
  });
  await begun.promise;
}

let database: Database;
let now = Date.now();
let store: Idempotency;

beforeAll(async () => {
  database = await openDatabase({ file: join(folder, 'watchfloor.db') }, log);
  store = new Idempotency({ database, vault: openVault(folder, undefined, log), now: () => now });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a first call that died with its process is taken over by the next one after a timeout', async () => {
  const call = { caller, key: 'died', request: 'r' };
  await beginEndless(call);
  now += 30_001;
  expect(await store.once(call, async () => ok('"second"'))).toEqual({ answer: ok('"second"'), replayed: false });
  expect(await store.once(call, async () => ok('"third"'))).toEqual({ answer: ok('"second"'), replayed: true });
});

test('a process that is alone drops interrupted calls when it starts', async () => {
  const call = { caller, key: 'cut short', request: 'r' };
  await beginEndless(call);
  await store.forgetUnfinished();
  expect((await store.once(call, async () => ok('1'))).replayed).toBe(false);
});

test('after a server error the next call runs; a client error is repeated', async () => {
  const call = { caller, key: 'fails', request: 'r' };
  const fail = async (): Promise<StoredReply> => {
    throw new AppError('disk_full', 'There is no room.');
  };
  await expect(store.once(call, fail)).rejects.toMatchObject({ code: 'disk_full' });
  await expect(store.once(call, () => Promise.reject(new TypeError('unforeseen')))).rejects.toThrow('unforeseen');
  const refuse = async (): Promise<StoredReply> => {
    throw new AppError('version_conflict', 'Someone else changed it.', { field: 'version', hint: 'Load it again.' });
  };
  const refused = { code: 'version_conflict', message: 'Someone else changed it.', field: 'version', hint: 'Load it again.' };
  await expect(store.once(call, refuse)).rejects.toMatchObject(refused);
  await expect(store.once(call, async () => ok('1'))).rejects.toMatchObject(refused);
});

test('the reply stored with the effect is repeated even if the call failed afterwards', async () => {
  const call = { caller, key: 'recorded', request: 'r' };
  const work = async (record: RecordAnswer): Promise<StoredReply> => {
    await database.transaction((tx) => record(tx, ok('"made"')));
    throw new AppError('conflict', 'What came after the commit failed.');
  };
  await expect(store.once(call, work)).rejects.toMatchObject({ code: 'conflict' });
  expect(await store.once(call, work)).toEqual({ answer: ok('"made"'), replayed: true });
});

test('a reply stored in a transaction that did not commit is not repeated', async () => {
  const call = { caller, key: 'rolled back', request: 'r' };
  const work = async (record: RecordAnswer): Promise<StoredReply> => {
    await database.transaction(async (tx) => {
      await record(tx, ok('"made"'));
      throw new TypeError('unforeseen');
    });
    return ok('"made"');
  };
  await expect(store.once(call, work)).rejects.toThrow('unforeseen');
  expect(await store.once(call, async () => ok('"second"'))).toEqual({ answer: ok('"second"'), replayed: false });
});

test('a first call that was taken over can no longer commit', async () => {
  const call = { caller, key: 'overtaken', request: 'r' };
  const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const effect = (key: string) => async (record: RecordAnswer) => {
    if (key === 'first') {
      begun.resolve();
      await go.promise;
    }
    await database.transaction(async (tx) => {
      await tx
        .insertInto('meta')
        .values({ key: `overtaken by ${key}`, value: '' })
        .execute();
      await record(tx, ok(`"${key}"`));
    });
    return ok(`"${key}"`);
  };
  const first = store.once(call, effect('first'));
  const refused = expect(first).rejects.toMatchObject({ code: 'conflict', field: 'idempotency-key' });
  await begun.promise;
  now += 30_001;
  expect((await store.once(call, effect('second'))).answer).toEqual(ok('"second"'));
  go.resolve();
  await refused;
  const made = database.query.selectFrom('meta').select('key').where('key', 'like', 'overtaken by%');
  expect(await made.execute()).toEqual([{ key: 'overtaken by second' }]);
  expect((await store.once(call, effect('third'))).answer).toEqual(ok('"second"'));
});

test('a reply is kept for a day', async () => {
  const call = { caller, key: 'old', request: 'r' };
  await store.once(call, async () => ok('1'));
  now += retentionMs - 1;
  await store.expire();
  expect((await store.once(call, async () => ok('2'))).replayed).toBe(true);
  now += 2;
  await store.expire();
  expect(await store.once(call, async () => ok('2'))).toEqual({ answer: ok('2'), replayed: false });
});

test('a second call while the first is still running gets a conflict after a while', async () => {
  const call = { caller, key: 'slow', request: 'r' };
  await beginEndless(call);
  const second = store.once(call, async () => ok('2'));
  const verdict = expect(second).rejects.toMatchObject({ code: 'conflict', hint: expect.stringMatching(/same key/) });
  now += 6_000;
  await verdict;
});
