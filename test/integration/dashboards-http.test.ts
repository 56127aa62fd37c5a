import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DashboardInput } from '#common/contract/dashboards.ts';
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

test('two people edit one dashboard at once, and everyone receives both changes', async () => {
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

test('a viewer may set a star and nothing else', async () => {
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
  // The copy has its own history.
  expect((await viewer.client.dashboards.versions({ params: { code: 'line-2' } })).items).toMatchObject([{ version: 1, note: 'imported' }]);
});

test('a body that is too large, an invalid image, and a code in use are refused with the field', async () => {
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

test('a console of contract 1, which would not understand the replies, is asked to update', async () => {
  const ask = (contract: string) =>
    fetch(`${backend.url}/api/v1/dashboards`, {
      headers: { authorization: `Bearer ${operator.session.accessToken}`, [contractHeader]: contract },
    });
  expect((await ask('2')).status).toBe(200);
  const refused = await ask('1');
  expect(await refused.json()).toMatchObject({
    code: 'contract_mismatch',
    message: 'This backend speaks contract 2; the caller speaks 1.',
    hint: 'Update the console or agent that called.',
  });
});
