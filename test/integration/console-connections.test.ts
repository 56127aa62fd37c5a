import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '#common/contract/client.ts';
import type { ConnectionStep } from '#common/contract/console/connections.ts';
import { heartbeatMs } from '#common/contract/events.ts';
import { BackendSession } from '#core/connections/session.ts';
import { silenceMs } from '#core/connections/status.ts';
import { fileStore } from '#core/secrets/file.ts';
import { adminPassword, startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

const backendFolder = temporaryFolder();
const folder = temporaryFolder();
let backend: TestBackend;
let core: TestConsole;

beforeAll(async () => {
  backend = await startBackend({ dataDir: backendFolder.path, args: ['--conveyor'] });
  core = await openTestConsole(folder.path, backend.url);
  await eventually('live', async () => (await core.connection()).state === 'live', 60_000);
}, 60_000);
afterAll(async () => {
  await core.close();
  await backend.stop();
  backendFolder.remove();
  folder.remove();
});

const stateOf = async (id: string) => {
  const found = (await core.handlers.connections.list(undefined, neverAborts)).find((one) => one.id === id);
  if (found === undefined) throw new Error('The connection is gone.');
  return found;
};
const steps = (found: ConnectionStep[]): string[] => found.map(({ name, outcome }) => `${name} ${outcome}`);

async function listen(server: Server | ReturnType<typeof createTlsServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

describe('testing a connection', () => {
  const attempt = (change: object) =>
    core.handlers.connections.test({ name: 'try', url: backend.url, username: 'admin', password: adminPassword, ...change }, neverAborts);

  test('reports the success of each step', async () => {
    const found = await attempt({});
    expect(steps(found)).toEqual(['reach ok', 'tls skipped', 'version ok', 'sign-in ok', 'permission ok', 'clock ok']);
    expect(found.find(({ name }) => name === 'permission')?.message).toMatch(/ADMIN/);
  });

  test('a wrong password fails at sign-in, with what to do', async () => {
    const found = await attempt({ password: 'not the password' });
    expect(steps(found)).toEqual(['reach ok', 'tls skipped', 'version ok', 'sign-in failed', 'permission skipped', 'clock ok']);
  });

  test('if nothing listens, it fails at the first step with the reason', async () => {
    const gone = createServer();
    const port = await listen(gone);
    gone.close();
    const found = await attempt({ url: `http://127.0.0.1:${port}` });
    expect(steps(found)).toEqual([
      'reach failed',
      'tls skipped',
      'version skipped',
      'sign-in skipped',
      'permission skipped',
      'clock skipped',
    ]);
    expect(found[0]).toMatchObject({
      message: `Nothing answers at 127.0.0.1:${port}.`,
      reason: 'connection_refused',
      hint: expect.any(String),
    });
  });

  test('a server that is not a backend is recognised', async () => {
    const other = createServer((_request, response) => response.end('<h1>It works</h1>'));
    const port = await listen(other);
    const [reach] = await attempt({ url: `http://127.0.0.1:${port}` });
    expect(reach).toMatchObject({ outcome: 'failed', message: expect.stringMatching(/not as a Watchfloor backend/) });
    other.close();
  });

  test('TLS on a plain port is recognised', async () => {
    const found = await attempt({ url: backend.url.replace('http:', 'https:') });
    expect(found.find(({ name }) => name === 'tls')).toMatchObject({
      outcome: 'failed',
      reason: 'no_tls',
    });
  });
});

describe('a backend behind a private authority', () => {
  const tlsFolder = temporaryFolder();
  let server: ReturnType<typeof createTlsServer>;
  let url: string;
  let ca: string;

  beforeAll(async () => {
    const file = (name: string): string => join(tlsFolder.path, name);
    const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl('req', '-x509', ...key, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-subj', '/CN=Private authority', '-days', '2');
    openssl('req', ...key, '-keyout', file('server.key'), '-out', file('server.csr'), '-subj', '/CN=plant');
    writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1\n');
    const sign = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', file('names')];
    openssl('x509', '-req', '-in', file('server.csr'), ...sign, '-out', file('server.pem'));
    ca = readFileSync(file('ca.pem'), 'utf8');
    // TLS ends here, as in front of any backend; what comes out is the backend's own traffic.
    server = createTlsServer({ key: readFileSync(file('server.key')), cert: readFileSync(file('server.pem')) }, (socket) => {
      const through = connect(Number(new URL(backend.url).port), '127.0.0.1');
      socket.pipe(through).pipe(socket);
      for (const end of [socket, through]) end.on('error', () => void [socket.destroy(), through.destroy()]);
    });
    url = `https://127.0.0.1:${await listen(server)}`;
  });
  afterAll(() => {
    server.close();
    tlsFolder.remove();
  });

  test('is refused without its certificate, with a fix', async () => {
    const found = await core.handlers.connections.test({ name: 'try', url }, neverAborts);
    expect(steps(found).slice(0, 2)).toEqual(['reach ok', 'tls failed']);
    expect(found[1]).toMatchObject({
      reason: 'certificate_untrusted',
      hint: expect.stringMatching(/private authority/),
    });
  });

  test('goes live with it, event stream and all', async () => {
    expect(steps(await core.handlers.connections.test({ name: 'try', url, ca }, neverAborts)).slice(0, 3)).toEqual([
      'reach ok',
      'tls ok',
      'version ok',
    ]);
    const added = await core.handlers.connections.add({ name: 'behind TLS', url, ca }, neverAborts);
    await eventually('it asks for a person', async () => (await stateOf(added.id)).state === 'signed-out');
    await core.handlers.connections.signIn({ id: added.id, username: 'admin', password: adminPassword }, neverAborts);
    await eventually('live', async () => (await stateOf(added.id)).state === 'live');
    await core.handlers.connections.remove({ id: added.id }, neverAborts);
    expect(await core.handlers.connections.list(undefined, neverAborts)).toHaveLength(1);
  });

  test('an invalid certificate is refused with the field', async () => {
    await expect(core.handlers.connections.add({ name: 'x', url, ca: 'nonsense' }, neverAborts)).rejects.toMatchObject({
      code: 'validation_failed',
      field: 'ca',
    });
  });
});

describe('signing in', () => {
  test('a wrong password is refused and changes nothing; the right one is kept for the next start', { timeout: 60_000 }, async () => {
    await backend.login('VIEWER');
    const { id } = await core.connection();
    await expect(core.handlers.connections.signIn({ id, username: 'admin', password: 'wrong' }, neverAborts)).rejects.toMatchObject({
      code: 'bad_credentials',
    });
    expect((await core.connection()).state).toBe('live');

    expect((await core.handlers.connections.signOut({ id }, neverAborts)) as unknown).toMatchObject({ state: 'signed-out' });
    expect(await core.connection()).toMatchObject({ state: 'signed-out', problem: { reason: 'signed_out' } });
    await core.handlers.connections.retry({ id }, neverAborts);
    await eventually('still signed out', async () => (await core.connection()).problem?.hint?.includes('Sign in'));
    expect((await core.connection()).state).toBe('signed-out');

    await core.handlers.connections.signIn({ id, username: 'viewer', password: adminPassword }, neverAborts);
    await eventually('live as a viewer', async () => {
      const { state, role } = await core.connection();
      return state === 'live' && role === 'VIEWER';
    });
    const inject = core.handlers.conveyor.inject({ connectionId: id, belt: 'belt-1', kind: 'slow' }, neverAborts);
    await expect(inject as Promise<unknown>).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/VIEWER; this needs OPERATOR/),
    });

    await core.close();
    core = await openTestConsole(folder.path, backend.url);
    await eventually('live again by itself', async () => {
      const { state, username } = await core.connection();
      return state === 'live' && username === 'viewer';
    });
    await core.handlers.connections.signIn({ id, username: 'admin', password: adminPassword }, neverAborts);
  });

  test('tokens are renewed before they expire, once for all callers, and with the password if the session has ended', async () => {
    const calls: string[] = [];
    let refreshToken = '';
    const watching: typeof fetch = async (input, init) => {
      calls.push(new URL(String(input)).pathname.split('/').at(-1) ?? '');
      const response = await fetch(input, init);
      ({ refreshToken } = (await response.clone().json()) as { refreshToken: string });
      return response;
    };
    /** Tokens of one second are alike. */
    const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1_100));
    const client = createClient({ baseUrl: backend.url, fetch: watching });
    let ahead = 0;
    const secrets = fileStore(join(folder.path, 'session.json'));
    const now = (): number => Date.now() + ahead;
    const session = new BackendSession({ connectionId: 'c', client, secrets, now, username: () => 'admin', onUser: () => undefined });
    await expect(session.token()).rejects.toMatchObject({ code: 'bad_credentials', hint: 'Sign in again.' });
    await session.signIn('admin', adminPassword);
    const first = await session.token();
    expect(await session.token()).toBe(first);
    expect(calls).toEqual(['login']);

    await nextSecond();
    ahead = 86_400_000;
    const [a, b] = await Promise.all([session.token(), session.token()]);
    expect(a).toBe(b);
    expect(a).not.toBe(first);
    expect(calls).toEqual(['login', 'refresh']);

    // A token that was replaced already is not replaced again.
    session.refused(first);
    expect(await session.token()).toBe(a);

    // Somebody ends the session behind its back: the stored password opens a new one.
    await createClient({ baseUrl: backend.url, token: () => a }).auth.logout({ body: { refreshToken } });
    await nextSecond();
    session.refused(a);
    expect(await session.token()).not.toBe(a);
    expect(calls).toEqual(['login', 'refresh', 'refresh', 'login']);
  });
});

test('a backend that hangs without closing anything is offline when its heartbeats stop, and live again when it resumes', {
  timeout: 60_000,
}, async () => {
  await eventually('live', async () => (await core.connection()).state === 'live');
  const stoppedAt = Date.now();
  process.kill(backend.pid, 'SIGSTOP');
  try {
    const offline = await eventually(
      'offline',
      async () => {
        const connection = await core.connection();
        return connection.state === 'offline' && connection;
      },
      6 * heartbeatMs,
    );
    // It dates from the last heartbeat. That may have come before the stop, though no longer before than a live connection can be silent.
    expect(offline.since).toBeGreaterThanOrEqual(stoppedAt - silenceMs);
    expect(offline.since).toBeLessThanOrEqual(Date.now());
  } finally {
    process.kill(backend.pid, 'SIGCONT');
  }
  await eventually('live again', async () => (await core.connection()).state === 'live', 60_000);
});

test('another deployment at the same address is noticed: nothing of the first is shown as its own', { timeout: 60_000 }, async () => {
  const { id: connectionId } = await core.connection();
  await eventually('charts', async () => (await core.handlers.charts.list({ connectionId }, neverAborts)).charts.length > 0);
  const query = {
    selector: { from: 'signal' as const, loaderCode: 'belt-speed' },
    aggregation: 'avg' as const,
    from: Date.now() - 600_000,
    to: Date.now(),
    bucketMs: 10_000,
  };
  expect((await core.handlers.series.query({ connectionId, cacheOnly: false, query }, neverAborts)).series).toHaveLength(3);
  const { port } = new URL(backend.url);
  await backend.stop();
  const other = await startBackend({ args: ['--no-conveyor', '--port', port] });
  try {
    await eventually('live', async () => (await core.connection()).state === 'live', 60_000);
    expect((await core.handlers.series.query({ connectionId, cacheOnly: true, query }, neverAborts)).series).toEqual([]);
  } finally {
    await other.stop();
    backend = await startBackend({ dataDir: backendFolder.path, args: ['--conveyor', '--port', port] });
  }
});

test('ten live charts query together, once or twice for each event of new points', { timeout: 90_000 }, async () => {
  const calls: string[] = [];
  const { port } = new URL(backend.url);
  const proxy = createServer((incoming, outgoing) => {
    calls.push(`${incoming.method} ${incoming.url}`);
    const onward = request(
      { host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  const own = temporaryFolder();
  const watched = await openTestConsole(own.path, `http://127.0.0.1:${await listen(proxy)}`);
  await eventually('live', async () => (await watched.connection()).state === 'live', 60_000);
  const { id: connectionId } = await watched.connection();
  const loaders = ['belt-speed', 'belt-current', 'belt-items', 'belt-rejects'];
  const charts = Array.from({ length: 10 }, (_, i) => ({ loaderCode: loaders[i % 4] ?? '', bucketMs: i < 4 ? 2_000 : 10_000 }));
  const draw = () =>
    Promise.all(
      charts.map(({ loaderCode, bucketMs }) => {
        const to = Date.now();
        const query = {
          selector: { from: 'signal' as const, loaderCode },
          aggregation: 'avg' as const,
          from: to - 3_600_000,
          to,
          bucketMs,
        };
        return watched.handlers.series.query({ connectionId, cacheOnly: false, query }, neverAborts);
      }),
    );
  await draw();
  calls.length = 0;
  let drawn = 0;
  const drawing = new Set<Promise<void>>();
  // As the screen does: whenever news of points comes, all charts ask again.
  const stopListening = watched.on((service, event) => {
    if (service !== 'series' || event !== 'stored') return;
    const done: Promise<void> = draw().then(() => {
      drawn += 1;
      drawing.delete(done);
    });
    drawing.add(done);
  });
  await eventually('news of points, five times', () => drawn >= 5, 60_000);
  const counted = calls.filter((call) => !call.includes('/api/v1/health') && !call.includes('/api/v1/events'));
  expect(new Set(counted)).toEqual(new Set(['POST /api/v1/charts/data']));
  // Ten charts ask together: each drawing is a request, or two where an answer came in between.
  expect(counted.length).toBeLessThanOrEqual(2 * (drawn + drawing.size));
  const results = await draw();
  expect(results.map(({ problem }) => problem)).toEqual(results.map(() => null));
  // A running query would be rejected because the console is closing, without a handler.
  stopListening();
  await Promise.all(drawing);
  await watched.close();
  proxy.closeAllConnections();
  proxy.close();
  own.remove();
});

test('a console that closes during queries answers them or rejects them, and leaves none open', async () => {
  const own = temporaryFolder();
  const closing = await openTestConsole(own.path, backend.url);
  await eventually('live', async () => (await closing.connection()).state === 'live', 60_000);
  const { id: connectionId } = await closing.connection();
  const { alerts, charts, loaders, notices, outbox, series } = closing.handlers;
  const query = { selector: { from: 'signal' as const, loaderCode: 'belt-speed' }, aggregation: 'avg' as const, bucketMs: 10_000 };
  const ask = () => [
    ...Array.from({ length: 20 }, (_, i) =>
      series.query({ connectionId, cacheOnly: i % 2 === 0, query: { ...query, from: Date.now() - 600_000, to: Date.now() } }, neverAborts),
    ),
    alerts.list(undefined, neverAborts),
    charts.list({ connectionId }, neverAborts),
    loaders.list({ connectionId }, neverAborts),
    notices.inbox(undefined, neverAborts),
    outbox.list(undefined, neverAborts),
  ];
  const before = ask();
  const closed = closing.close();
  // Too late, but asked all the same.
  const outcomes = await Promise.allSettled([...before, ...ask()]);
  await closed;
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'unavailable', message: 'The console is closing.' });
  }
  own.remove();
});

test('when the backend asks to wait, the console shows cached data, stays live and waits', { timeout: 60_000 }, async () => {
  await eventually('live', async () => (await core.connection()).state === 'live', 60_000);
  const { id: connectionId } = await core.connection();
  const query = {
    selector: { from: 'signal' as const, loaderCode: 'belt-speed' },
    aggregation: 'avg' as const,
    from: Date.now() - 600_000,
    to: Date.now(),
    bucketMs: 10_000,
  };
  const ask = () => core.handlers.series.query({ connectionId, cacheOnly: false, query }, neverAborts);
  expect((await ask()).problem).toBeNull();
  // The same person spends the whole minute's requests elsewhere.
  const { client } = await backend.login('ADMIN');
  await expect(Promise.all(Array.from({ length: 120 }, () => client.auth.me()))).rejects.toMatchObject({ code: 'rate_limited' });
  const answered = await ask();
  expect(answered.problem?.code).toBe('rate_limited');
  expect(answered.series).toHaveLength(3);
  expect((await core.connection()).state).toBe('live');
});
