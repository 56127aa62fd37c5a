import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '#backend/engines/database/open.ts';
import type { Database } from '#backend/engines/database/port.ts';
import { openVault } from '#backend/engines/vault/open.ts';
import { type Idempotency, keptFor, makeIdempotency, type StoredReply } from '#backend/http/idempotency.ts';
import type { Caller } from '#backend/services/service.ts';
import { AppError } from '#common/contract/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-idempotency-'));
const log = pino({ level: 'silent' });
const caller: Caller = { id: 'caller', name: 'caller', role: 'OPERATOR' };
const ok = (body: string): StoredReply => ({ status: 200, body });
const never = () => new Promise<StoredReply>(() => undefined);
let database: Database;
let now = Date.now();
let store: Idempotency;

beforeAll(async () => {
  database = await openDatabase({ file: join(folder, 'watchfloor.db') }, log);
  store = makeIdempotency({ database, vault: openVault(folder, undefined, log), now: () => now });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a first call that died with its process is run again by the next, once its time is over', async () => {
  const call = { caller, key: 'died', request: 'r' };
  void store.once(call, never);
  await new Promise((resolve) => setTimeout(resolve, 50));
  now += 30_001;
  expect(await store.once(call, async () => ok('"second"'))).toEqual({ answer: ok('"second"'), replayed: false });
  expect(await store.once(call, async () => ok('"third"'))).toEqual({ answer: ok('"second"'), replayed: true });
});

test('a process that is alone forgets at its start what a crash cut short', async () => {
  const call = { caller, key: 'cut short', request: 'r' };
  void store.once(call, never);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await store.forgetUnfinished();
  expect((await store.once(call, async () => ok('1'))).replayed).toBe(false);
});

test('a failure is no answer: the next call runs; a refusal is one', async () => {
  const call = { caller, key: 'fails', request: 'r' };
  const fail = async (): Promise<StoredReply> => {
    throw new AppError('disk_full', 'There is no room.');
  };
  await expect(store.once(call, fail)).rejects.toMatchObject({ code: 'disk_full' });
  await expect(store.once(call, () => Promise.reject(new TypeError('unforeseen')))).rejects.toThrow('unforeseen');
  const refuse = async (): Promise<StoredReply> => {
    throw new AppError('version_conflict', 'Changed meanwhile.', { field: 'version', hint: 'Load it again.' });
  };
  const refused = { code: 'version_conflict', message: 'Changed meanwhile.', field: 'version', hint: 'Load it again.' };
  await expect(store.once(call, refuse)).rejects.toMatchObject(refused);
  await expect(store.once(call, async () => ok('1'))).rejects.toMatchObject(refused);
});

test('an answer is kept for a day', async () => {
  const call = { caller, key: 'old', request: 'r' };
  await store.once(call, async () => ok('1'));
  now += keptFor - 1;
  await store.expire();
  expect((await store.once(call, async () => ok('2'))).replayed).toBe(true);
  now += 2;
  await store.expire();
  expect(await store.once(call, async () => ok('2'))).toEqual({ answer: ok('2'), replayed: false });
});

test('a second call while the first still runs hears so after a while', async () => {
  const call = { caller, key: 'slow', request: 'r' };
  void store.once(call, never);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const second = store.once(call, async () => ok('2'));
  const verdict = expect(second).rejects.toMatchObject({ code: 'conflict', hint: expect.stringMatching(/same key/) });
  await new Promise((resolve) => setTimeout(resolve, 100));
  now += 6_000;
  await verdict;
});
