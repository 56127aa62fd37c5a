import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Dashboard, DashboardInput } from '#common/contract/dashboards.ts';
import { contractHeader } from '#common/contract/version.ts';
import { type SignedIn, startBackend, type TestBackend } from '../support/backend.ts';
import { readEvents } from '../support/event-reader.ts';

/** Two people at consoles of their own, and one who only looks, over real HTTP. */
let backend: TestBackend;
let operator: SignedIn;
let admin: SignedIn;
let viewer: SignedIn;
beforeAll(async () => {
  backend = await startBackend();
  operator = await backend.login('OPERATOR');
  admin = await backend.login('ADMIN');
  viewer = await backend.login('VIEWER');
});
afterAll(() => backend.stop());

const params = { code: 'line-1' };
const line: DashboardInput = {
  code: 'line-1',
  title: 'Line 1',
  panels: [{ id: 'speed', kind: 'library', chart: 'belt-speed', place: { x: 0, y: 0, w: 12, h: 8 } }],
};

test('two people edit one dashboard at once, and everybody hears of both changes', async () => {
  await operator.client.dashboards.create({ body: line });
  const events = await readEvents(backend.url, viewer.session.accessToken);
  await events.next();
  const [own, others] = await Promise.all([
    operator.client.dashboards.update({ params, body: { ...line, title: 'Line one', version: 1 } }),
    admin.client.dashboards.update({
      params,
      body: { ...line, panels: [{ ...(line.panels?.[0] as object), title: 'Speed' } as never], version: 1 },
    }),
  ]);
  expect([own.merged, others.merged].toSorted()).toEqual([false, true]);
  for (const version of [2, 3]) {
    const { event } = await events.until(({ event }) => event.type === 'dashboard.changed');
    expect(event).toMatchObject({ data: { dashboardCode: 'line-1', version } });
  }
  await events.close();
  const now = await viewer.client.dashboards.get({ params });
  expect(now).toMatchObject({ version: 3, title: 'Line one', panels: [{ title: 'Speed' }] });
  await expect(operator.client.dashboards.update({ params, body: { ...line, title: 'Line eins', version: 1 } })).rejects.toMatchObject({
    code: 'version_conflict',
    status: 409,
    message: expect.stringMatching(/both changed title/),
    hint: expect.stringContaining('choose for each'),
  });
});

test('who only looks may set a star and nothing else', async () => {
  expect(await viewer.client.dashboards.star({ params, body: { starred: true } })).toEqual({ starred: true });
  const starred = await viewer.client.dashboards.list({ query: { starred: 'true' } });
  expect(starred.items.map(({ code }) => code)).toEqual(['line-1']);
  expect((await admin.client.dashboards.list({ query: { starred: 'true' } })).items).toEqual([]);
  await expect(viewer.client.dashboards.remove({ params })).rejects.toMatchObject({ code: 'forbidden' });
});

test('what the API answers can be imported as it is, with the library beside it', async () => {
  const dashboard = await viewer.client.dashboards.get({ params });
  const { items: charts } = await viewer.client.charts.list();
  const json: unknown = JSON.parse(JSON.stringify({ kind: 'watchfloor.dashboard', format: 1, dashboard, charts }));
  const kept = await operator.client.dashboards.import({ body: { json, keep: true, code: 'line-2', folder: 'Copies' } });
  expect(kept).toMatchObject({ from: 'watchfloor', notCarried: [], dashboard: { code: 'line-2', folder: 'Copies', title: 'Line one' } });
  // Ours to keep apart: the copy has a history of its own.
  expect((await viewer.client.dashboards.versions({ params: { code: 'line-2' } })).items).toMatchObject([{ version: 1, note: 'imported' }]);
});

test('a body larger than a dashboard may be, a picture that is none, and a code in use are refused with the field', async () => {
  const big = { ...line, code: 'big', description: 'x'.repeat(5 * 1024 * 1024) };
  await expect(operator.client.dashboards.create({ body: big })).rejects.toMatchObject({ code: 'payload_too_large' });
  const image = 'data:image/svg+xml;base64,PHN2Zy8+';
  await expect(operator.client.dashboards.setThumbnail({ params, body: { version: 1, image } })).rejects.toMatchObject({
    code: 'validation_failed',
    field: 'image',
  });
  await expect(operator.client.dashboards.create({ body: line })).rejects.toMatchObject({ code: 'conflict', field: 'code' });
  const twice = { ...line, code: 'twice', panels: [...(line.panels ?? []), ...(line.panels ?? [])] };
  await expect(operator.client.dashboards.create({ body: twice })).rejects.toMatchObject({ code: 'validation_failed', field: 'panels' });
});

describe('a console of contract 1', () => {
  /** As contract 1 had it, and refused everything else. */
  const epochMs = z.number().int().min(0);
  const formerRange = z.union([z.strictObject({ lastMs: z.number().int().min(1_000) }), z.strictObject({ from: epochMs, to: epochMs })]);
  const ask = async (method: string, path: string, body?: unknown, contract = '1') => {
    const headers = {
      authorization: `Bearer ${operator.session.accessToken}`,
      'content-type': 'application/json',
      [contractHeader]: contract,
    };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${backend.url}/api/v1/dashboards${path}`, init);
    return { status: response.status, reply: (await response.json()) as Dashboard & { dashboard: Dashboard; body: Dashboard } };
  };
  const day = 86_400_000;
  const create = (code: string, range: DashboardInput['range']) => operator.client.dashboards.create({ body: { ...line, code, range } });

  test.each([
    ['today', { from: 'now/d', to: 'now' }, { lastMs: day }],
    ['yesterday', { from: 'now-1d/d', to: 'now-1d/d' }, { lastMs: 2 * day }],
    ['last-month', { from: 'now-1M/M', to: 'now-1M/M' }, { lastMs: 62 * day }],
    ['shift', { from: 'yesterday 22:00', to: 'today 06:00' }, { lastMs: 2 * day }],
    ['morning', { from: 'now/d+8h', to: 'now' }, { lastMs: day * (2 / 3) }],
    ['ahead', { from: 'now', to: 'now+1h' }, { lastMs: 1_000 }],
    ['since', { from: '2026-11-20T13:00:00.000Z', to: 'now' }, { from: Date.UTC(2026, 10, 20, 13), to: expect.any(Number) }],
    ['plain', { lastMs: 3_600_000 }, { lastMs: 3_600_000 }],
  ] as [string, DashboardInput['range'], unknown][])(
    'reads %s as it knows ranges, and ours stays as it is',
    async (code, range, former) => {
      await create(code, range);
      const { reply } = await ask('GET', `/${code}`);
      expect(reply.range).toEqual(former);
      expect(formerRange.safeParse(reply.range).success).toBe(true);
      expect((await ask('GET', `/${code}/versions/1`)).reply.body.range).toEqual(former);
      expect((await ask('GET', `/${code}`, undefined, '2')).reply.range).toEqual(range);

      // What it saves without touching the range leaves the range alone; a range that it sets is set.
      const { createdAt, createdBy, updatedAt, updatedBy, ...body } = reply;
      const saved = await ask('PUT', `/${code}`, { ...body, title: 'Renamed' });
      expect(saved).toMatchObject({ status: 200, reply: { dashboard: { title: 'Renamed', range: former, version: 2 } } });
      expect((await operator.client.dashboards.get({ params: { code } })).range).toEqual(range);
      await ask('PUT', `/${code}`, { ...body, title: 'Renamed', range: { lastMs: 7_200_000 }, version: 2 });
      expect((await operator.client.dashboards.get({ params: { code } })).range).toEqual({ lastMs: 7_200_000 });
    },
  );
});
