import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileStore } from '../secrets/file.ts';
import { backendCredentials } from './credentials.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-credentials-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const secrets = () => fileStore(join(folder, 'secrets.json'));

test('made on the first run, the same on the next, different for another folder', async () => {
  const first = await backendCredentials(secrets(), folder, {});
  expect(first.password.length).toBeGreaterThanOrEqual(20);
  expect(first.agentKey.length).toBeGreaterThanOrEqual(20);
  expect(await backendCredentials(secrets(), folder, {})).toEqual(first);
  const other = await backendCredentials(secrets(), join(folder, 'other'), {});
  expect(other.password).not.toBe(first.password);
});

test('the environment’s password is used and kept', async () => {
  await backendCredentials(secrets(), folder, {});
  const given = await backendCredentials(secrets(), folder, { WATCHFLOOR_ADMIN_PASSWORD: 'from the environment' });
  expect(given.password).toBe('from the environment');
  expect((await backendCredentials(secrets(), folder, {})).password).toBe('from the environment');
});

test('a backend that ran in the folder before left its password there', async () => {
  writeFileSync(join(folder, 'admin-password'), 'left behind\n');
  expect((await backendCredentials(secrets(), folder, {})).password).toBe('left behind');
});
