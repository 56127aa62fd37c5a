import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alert } from '#common/contract/alerts.ts';
import { type SignedIn, startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

/** A network fault in the reply to a change that the backend has made. */
type Fault = (answer: { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }, to: ServerResponse) => void;

let backend: TestBackend;
let admin: SignedIn;
let alerts: Alert[];
let core: TestConsole;
/** Faults of the next changes, one each; then all goes well. */
const faults: Fault[] = [];
/** Idempotency keys of the requests for changes that reached the backend. */
const keys: unknown[] = [];
const folder = temporaryFolder();
const proxy = createServer((incoming, outgoing) => {
  const isChange = incoming.method === 'POST' && /^\/api\/v1\/alerts\//.test(incoming.url ?? '');
  const fault = isChange ? faults.shift() : undefined;
  const { hostname, port } = new URL(backend.url);
  const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
    if (isChange) keys.push(incoming.headers['idempotency-key']);
    if (fault === undefined) {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      return;
    }
    const pieces: Buffer[] = [];
    answer.on('data', (piece: Buffer) => pieces.push(piece));
    answer.on('end', () => fault({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces) }, outgoing));
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
});

beforeAll(async () => {
  backend = await startBackend({ args: ['--conveyor'] });
  admin = await backend.login('ADMIN');
  const condition = { kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '>', threshold: -1 } as const;
  const rule = {
    code: 'always',
    name: 'Always',
    chartCode: 'belt-speed',
    severity: 'WARNING' as const,
    evaluateEveryMs: 1_000,
    conditions: [condition],
  };
  await admin.client.rules.create({ body: rule });
  alerts = await eventually(
    'three alerts',
    async () => {
      const { items } = await admin.client.alerts.list({ query: { ruleCode: 'always', state: 'FIRING' } });
      return items.length >= 3 && items;
    },
    60_000,
  );
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  core = await openTestConsole(folder.path, `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  await eventually('live', async () => (await core.connection()).state === 'live', 60_000);
}, 90_000);
afterAll(async () => {
  await core.close();
  proxy.closeAllConnections();
  proxy.close();
  await backend.stop();
  folder.remove();
});

const dropped: Fault = (_, to) => to.destroy();
const cutShort: Fault = ({ status, headers, body }, to) => {
  to.writeHead(status, headers);
  to.write(body.subarray(0, body.length / 2), () => to.destroy());
};
const answered =
  (status: number, type: string, body: string): Fault =>
  (_, to) => {
    to.writeHead(status, { 'content-type': type });
    to.end(body);
  };
const late: Fault = ({ status, headers, body }, to) => {
  // Longer than a call waits.
  setTimeout(() => to.destroyed || to.writeHead(status, headers).end(body), 12_000).unref();
};

test.each<[string, Fault[]]>([
  ['dropped', [dropped, dropped]],
  ['cut short', [cutShort]],
  [
    'garbled',
    [answered(200, 'application/json', '{"id": "01890'), answered(200, 'application/json', '[]'), answered(204, 'text/plain', '')],
  ],
  [
    'replaced by a page of something between',
    [answered(502, 'text/html', '<h1>Bad gateway</h1>'), answered(200, 'text/html', '<h1>Sign in</h1>')],
  ],
  ['later than a call waits for it', [late]],
])('a change whose answer is %s takes effect once, and leaves the outbox', { timeout: 120_000 }, async (name, plan) => {
  const { id: connectionId } = await core.connection();
  const ids = alerts.slice(0, 3).map(({ id }) => id);
  for (const many of [false, true]) {
    keys.length = 0;
    faults.push(...plan);
    const reason = `${name}, ${many ? 'many' : 'one'}`;
    const target = { connectionId, ids: many ? ids : ids.slice(0, 1) };
    await core.handlers.alerts.snooze({ ...target, until: Date.now() + 3_600_000, reason }, neverAborts);
    await eventually('an empty outbox', async () => (await core.handlers.outbox.list(undefined, neverAborts)).length === 0, 60_000);
    expect(faults).toEqual([]);
    expect(keys).toEqual(Array.from({ length: plan.length + 1 }, () => keys[0]));
    expect(keys[0]).toEqual(expect.any(String));
    for (const id of target.ids) {
      const { events } = await admin.client.alerts.get({ params: { id } });
      expect(events.filter(({ kind, note }) => kind === 'snoozed' && note === reason)).toHaveLength(1);
    }
  }
});
