import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createClient } from '#common/contract/client.ts';
import { adminPassword, agentKey, cliResult, startBackend } from '../support/backend.ts';

const root = mkdtempSync(join(tmpdir(), 'watchfloor-process-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
function folder(): string {
  folders += 1;
  return join(root, `data-${folders}`);
}
const embedded = (...args: string[]) => ['embedded', '--no-conveyor', '--json', ...args];

describe('a failed start reports the reason and the fix', () => {
  test('a port in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const data = folder();
    const { status, err, out } = await cliResult(embedded('--data', data, '--port', String(port)));
    taken.close();
    expect(status).toBe(1);
    expect(err).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(err).toContain('--port 0');
    expect(out).toBe('');
    expect(existsSync(join(data, 'backend.pid'))).toBe(false);
  });

  test('a folder that another backend uses: of three on one new folder at once exactly one starts, and continues', async () => {
    const dataDir = folder();
    const starts = await Promise.allSettled([1, 2, 3].map(() => startBackend({ dataDir })));
    const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const refused = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []));
    expect(started).toHaveLength(1);
    for (const reason of refused) expect(reason).toMatch(/already uses the data folder/);
    const { status, err } = await cliResult(embedded('--data', dataDir, '--port', '0'));
    expect(status).toBe(1);
    expect(err).toContain(`process ${started[0]?.pid}`);
    expect(err).toContain('--data');
    expect((await started[0]?.login('ADMIN'))?.session.user.username).toBe('admin');
    expect(await started[0]?.stop()).toBe(0);
  });

  test('a file where the folder should be', async () => {
    const file = folder();
    writeFileSync(file, '');
    const { status, err } = await cliResult(embedded('--data', file));
    expect(status).toBe(1);
    expect(err).toContain(`${file} is not a folder`);
  });

  test('a folder that cannot be written', async () => {
    // Modes do not bind root; a file system without files does.
    const parent = process.getuid?.() === 0 ? '/sys' : folder();
    if (parent !== '/sys') mkdirSync(parent, { mode: 0o500 });
    const data = join(parent, 'watchfloor');
    const { status, err } = await cliResult(embedded('--data', data));
    expect(status).toBe(1);
    expect(err).toContain(`${data} cannot be written to`);
  });

  test('a file that is not a database is not changed', async () => {
    const data = folder();
    mkdirSync(data);
    writeFileSync(join(data, 'watchfloor.db'), 'this is no database, but somebody’s notes'.repeat(100));
    const { status, err } = await cliResult(embedded('--data', data, '--port', '0'));
    expect(status).toBe(1);
    expect(err).toContain('watchfloor.db');
    expect(readFileSync(join(data, 'watchfloor.db'), 'utf8')).toMatch(/^this is no database/);
  });

  test.each([
    [['embedded', '--prot', '1'], 2, /--prot/],
    [['embedded', '--port', '99999'], 2, /--port/],
    [['embedded', '--database-url', 'mysql://x'], 2, /postgres:\/\//],
    [['service', 'kitchen'], 2, /gateway, signals/],
    [['service', 'alerting'], 2, /--database-url is missing/],
    [['agent'], 2, /--backend is missing/],
    [['dance'], 2, /no command “dance”/],
  ] as [string[], number, RegExp][])('%j', async (args, status, message) => {
    const result = await cliResult(args);
    expect(result.status).toBe(status);
    expect(result.err).toMatch(message);
  });

  test('an invalid variable is named, but not its value', async () => {
    const { status, err } = await cliResult(embedded('--data', folder()), { WATCHFLOOR_ADMIN_PASSWORD: 'tiny-one' });
    expect(status).toBe(1);
    expect(err).toContain('WATCHFLOOR_ADMIN_PASSWORD');
    expect(err).not.toContain('tiny-one');
  });
});

test('every command explains itself', async () => {
  const { status, out } = await cliResult(['--help']);
  expect(status).toBe(0);
  for (const name of ['embedded', 'service', 'agent', 'conveyor', 'set-password', 'migrate']) {
    expect(out).toContain(`  ${name} `);
    const help = await cliResult([name, '--help']);
    expect(help.status).toBe(0);
    expect(help.out).toContain(`cli.ts ${name}`);
  }
});

test('a new installation without a password gets one in a file that only its owner can read; SIGTERM leaves only data behind', async () => {
  const backend = await startBackend({ dataDir: folder(), args: [], env: { WATCHFLOOR_ADMIN_PASSWORD: '' } });
  const file = join(backend.dataDir, 'admin-password');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(backend.log()).toContain(file);
  const password = readFileSync(file, 'utf8').trim();
  expect(backend.log()).not.toContain(password);
  expect((await backend.client.auth.login({ body: { username: 'admin', password } })).user.role).toBe('ADMIN');

  expect(await backend.stop()).toBe(0);
  expect(backend.log()).toContain('stopped');
  const left = readdirSync(backend.dataDir).toSorted();
  expect(left.filter((name) => /-wal|-shm|-journal|\.pid|\.tmp/.test(name))).toEqual([]);
});

test('an installation keeps its id, users and tokens over SIGKILL; set-password lets an administrator back in and ends old sessions', async () => {
  const dataDir = folder();
  const setPassword = (username: string, password: string) => cliResult(['set-password', username, '--data', dataDir], {}, `${password}\n`);
  const first = await startBackend({ dataDir });
  const { session } = await first.login('ADMIN');
  const { session: viewer } = await first.login('VIEWER');
  const { instanceId } = await first.client.health.report();
  const busy = await setPassword('admin', 'another good one');
  expect(busy.status).toBe(1);
  expect(busy.err).toContain(`process ${first.pid}`);
  await first.kill();

  expect((await setPassword('admin', 'short')).err).toContain('at least 10 characters');
  expect((await setPassword('nobody', 'another good one')).err).toContain('There is no user nobody');
  expect((await setPassword('admin', 'another good one')).status).toBe(0);

  const second = await startBackend({ dataDir });
  expect((await second.client.health.report()).instanceId).toBe(instanceId);
  expect(await createClient({ baseUrl: second.url, token: () => viewer.accessToken }).auth.me()).toEqual(viewer.user);
  await expect(second.client.auth.login({ body: { username: 'admin', password: adminPassword } })).rejects.toMatchObject({
    code: 'bad_credentials',
  });
  await second.client.auth.login({ body: { username: 'admin', password: 'another good one' } });
  await expect(second.client.auth.refresh({ body: { refreshToken: session.refreshToken } })).rejects.toMatchObject({
    code: 'token_invalid',
  });
  await second.stop();
});

test('secrets never reach the log, not even at the most verbose level', async () => {
  const backend = await startBackend({ dataDir: folder(), env: { WATCHFLOOR_LOG_LEVEL: 'trace' } });
  const { client, session } = await backend.login('ADMIN');
  const { secret } = await client.auth.createApiKey({ body: { name: 'quiet' } });
  await client.auth.createUser({ body: { username: 'quiet', password: 'a very quiet word', role: 'VIEWER' } });
  const renewed = await backend.client.auth.refresh({ body: { refreshToken: session.refreshToken } });
  await backend.client.auth.login({ body: { username: 'admin', password: 'a wrong but real one' } }).catch(() => undefined);
  await backend.client.auth.refresh({ body: { refreshToken: session.refreshToken } }).catch(() => undefined);
  await fetch(`${backend.url}/api/v1/auth/me?token=${session.accessToken}`);
  await fetch(`${backend.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"password":"${adminPassword}"`,
  });
  await backend.stop();
  expect(backend.log()).toContain('/api/v1/auth/login');
  const masterKey = readFileSync(join(backend.dataDir, 'master.key'), 'utf8').trim();
  for (const word of [
    adminPassword,
    agentKey,
    secret,
    'a very quiet word',
    'a wrong but real one',
    session.accessToken,
    session.refreshToken,
    renewed.refreshToken,
    masterKey,
  ]) {
    expect(backend.log()).not.toContain(word);
  }
});
