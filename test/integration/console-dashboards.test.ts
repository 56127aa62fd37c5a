import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chartDefinition } from '#common/contract/charts.ts';
import type { Client } from '#common/contract/client.ts';
import { type DashboardBody, dashboardBody } from '#common/contract/dashboards.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

/** Dashboards in the console's core, against the real backend and a second person on another console. */
const backendFolder = temporaryFolder();
const folder = temporaryFolder();
let backend: TestBackend;
let core: TestConsole;
let connectionId: string;
let other: Client;

const service = () => core.handlers.dashboards;
const text = (id: string, markdown: string, x = 0) => ({ id, kind: 'text', title: id, markdown, place: { x, y: 0, w: 12, h: 6 } }) as const;
const board = (more: object = {}): DashboardBody =>
  dashboardBody.parse({ code: 'shift', title: 'Shift', folder: 'Plant/North', panels: [text('a', 'one'), text('b', 'two', 12)], ...more });
const read = async (code = 'shift') => {
  const { value } = await service().get({ connectionId, code }, neverAborts);
  if (value === null) throw new Error(`The console has no dashboard ${code}.`);
  return value;
};
const theirs = async (change: (body: DashboardBody) => DashboardBody) => {
  const now = await other.dashboards.get({ params: { code: 'shift' } });
  const body = change(
    dashboardBody.parse(Object.fromEntries(Object.keys(dashboardBody.shape).map((key) => [key, now[key as keyof typeof now]]))),
  );
  return other.dashboards.update({ params: { code: 'shift' }, body: { ...body, version: now.version } });
};
const received = (event: string) =>
  core.received.filter((one) => one.service === 'dashboards' && one.event === event).map(({ payload }) => payload);
const live = () => eventually('live', async () => (await core.connection()).state === 'live', 60_000);

beforeAll(async () => {
  backend = await startBackend({ dataDir: backendFolder.path, patienceMs: 90_000 });
  core = await openTestConsole(folder.path, backend.url);
  connectionId = (await core.connection()).id;
  await live();
  other = (await backend.login('OPERATOR')).client;
}, 120_000);
afterAll(async () => {
  await core.close();
  await backend.stop();
  backendFolder.remove();
  folder.remove();
});

test('shipped dashboards are listed with their panels, and can be starred', async () => {
  const { value } = await service().list({ connectionId }, neverAborts);
  expect(value.length).toBeGreaterThanOrEqual(4);
  const [first] = value;
  if (!first) throw new Error('No dashboard is shipped.');
  expect(first.panels.length).toBeGreaterThan(3);
  await service().star({ connectionId, code: first.code, starred: true }, neverAborts);
  const again = await service().list({ connectionId }, neverAborts);
  expect(again.value.filter(({ starred }) => starred).map(({ code }) => code)).toEqual([first.code]);
});

test('a new one is saved, and a change of the newest version is the next', async () => {
  const created = await service().save({ connectionId, body: board(), version: null }, neverAborts);
  expect(created).toMatchObject({ state: 'saved', dashboard: { code: 'shift', version: 1, createdBy: 'admin' } });
  const changed = await service().save({ connectionId, body: board({ title: 'Night shift' }), version: 1 }, neverAborts);
  expect(changed).toMatchObject({ state: 'saved', dashboard: { title: 'Night shift', version: 2 } });
  expect((await read()).version).toBe(2);
});

test('changes by another person arrive automatically', async () => {
  const before = received('changed').length;
  await theirs((body) => ({ ...body, tags: ['night'] }));
  await eventually('the event', () =>
    received('changed')
      .slice(before)
      .some((one) => (one as { by: string }).by === 'operator'),
  );
  await eventually('the new version', async () => (await read()).tags.includes('night'));
});

test('changes of different parts are merged', async () => {
  const mine = await read();
  await theirs((body) => ({ ...body, panels: body.panels.map((panel) => (panel.id === 'b' ? { ...text('b', 'theirs', 12) } : panel)) }));
  const outcome = await service().save(
    {
      connectionId,
      body: board({ title: mine.title, tags: mine.tags, panels: [text('a', 'mine'), text('b', 'two', 12)] }),
      version: mine.version,
    },
    neverAborts,
  );
  expect(outcome.state).toBe('merged');
  expect((await read()).panels.map((panel) => (panel.kind === 'text' ? panel.markdown : ''))).toEqual(['mine', 'theirs']);
});

test('conflicting changes are not saved, and the result has all versions', async () => {
  const before = await read();
  await theirs((body) => ({ ...body, title: 'Theirs' }));
  const outcome = await service().save(
    { connectionId, body: board({ title: 'Mine', tags: before.tags, panels: before.panels }), version: before.version },
    neverAborts,
  );
  if (outcome.state !== 'conflict') throw new Error(`Expected a conflict, not ${outcome.state}.`);
  expect(outcome.theirs).toMatchObject({ title: 'Theirs', updatedBy: 'operator', version: before.version + 1 });
  expect(outcome.base?.title).toBe(before.title);
  expect(outcome.message).toMatch(/title/);
  expect((await other.dashboards.get({ params: { code: 'shift' } })).title).toBe('Theirs');
});

test('versions are listed, read and restored', async () => {
  const now = await read();
  const { value: entries } = await service().versions({ connectionId, code: 'shift' }, neverAborts);
  expect(entries.map(({ version }) => version)).toEqual(Array.from({ length: now.version }, (_, i) => now.version - i));
  expect((await service().version({ connectionId, code: 'shift', version: 1 }, neverAborts)).value?.body.title).toBe('Shift');
  const back = await service().rollback({ connectionId, code: 'shift', to: 1, version: now.version }, neverAborts);
  expect(back).toMatchObject({ title: 'Shift', version: now.version + 1 });
  await expect(
    Promise.resolve(service().rollback({ connectionId, code: 'shift', to: 2, version: now.version }, neverAborts)),
  ).rejects.toMatchObject({
    code: 'version_conflict',
  });
});

test('a thumbnail is stored with the version it shows', async () => {
  const image = 'data:image/png;base64,iVBORw0KGgo=';
  expect(await service().thumbnail({ connectionId, code: 'shift' }, neverAborts)).toBeNull();
  await service().setThumbnail({ connectionId, code: 'shift', thumbnail: { version: 1, image } }, neverAborts);
  expect(await service().thumbnail({ connectionId, code: 'shift' }, neverAborts)).toEqual({ version: 1, image });
});

test('an export is a file that an import shows before it is kept', async () => {
  const { name, text: file } = await service().export({ connectionId, code: 'shift' }, neverAborts);
  expect(name).toBe('shift.json');
  const seen = await service().import({ connectionId, text: file, keep: false, code: 'shift-copy', folder: '' }, neverAborts);
  expect(seen).toMatchObject({ from: 'watchfloor', dashboard: { code: 'shift-copy', title: 'Shift' }, notCarried: [] });
  await expect(other.dashboards.get({ params: { code: 'shift-copy' } })).rejects.toMatchObject({ code: 'not_found' });
  await service().import({ connectionId, text: file, keep: true, code: 'shift-copy', folder: '' }, neverAborts);
  expect((await other.dashboards.get({ params: { code: 'shift-copy' } })).panels).toEqual(board().panels);
  await expect(
    Promise.resolve(service().import({ connectionId, text: '{ not', keep: false, folder: '' }, neverAborts)),
  ).rejects.toMatchObject({
    code: 'validation_failed',
    message: 'This isn’t JSON.',
  });
});

/** As people of other products met it: what is lost or refused when two edit one dashboard. */
describe('two people edit one dashboard', () => {
  const chart = (id: string, segment: string, x = 0) => {
    const selector = { from: 'signal', loaderCode: 'belt-speed', segmentCode: segment };
    return { id, kind: 'chart', place: { x, y: 0, w: 12, h: 6 }, drawing: { title: id, selector } };
  };
  const variable = (name: string) => ({ name, label: name, kind: 'options', options: ['belt-1', 'belt-2'] });
  let version: number;
  const start = async (more: object = {}) => {
    const body = board({ code: 'two', ...more });
    const value = await other.dashboards.get({ params: { code: 'two' } }).catch(() => null);
    const outcome = await service().save({ connectionId, body, version: value?.version ?? null }, neverAborts);
    if (outcome.state !== 'saved') throw new Error(`Not saved: ${outcome.state}`);
    ({ version } = outcome.dashboard);
    return body;
  };
  const otherSaves = (body: DashboardBody) => other.dashboards.update({ params: { code: 'two' }, body: { ...body, version } });
  const iSave = (body: DashboardBody, from = version) => service().save({ connectionId, body, version: from }, neverAborts);
  const now = () => other.dashboards.get({ params: { code: 'two' } });

  test('one moves a panel that the other deletes: the second gets a conflict that names it', async () => {
    const body = await start();
    await otherSaves({ ...body, panels: body.panels.slice(1) });
    const [first, second] = body.panels as [DashboardBody['panels'][number], DashboardBody['panels'][number]];
    const outcome = await iSave({ ...body, panels: [{ ...first, place: { x: 0, y: 6, w: 12, h: 6 } }, second] });
    expect(outcome).toMatchObject({ state: 'conflict', message: expect.stringMatching(/panel.*“a”|“a”/) });
    expect((await now()).panels.map(({ id }) => id)).toEqual(['b']);
  });

  test('one renames a variable that a new panel of the other uses: the second gets a conflict that names it', async () => {
    const body = await start({ variables: [variable('belt')] });
    await otherSaves({ ...body, variables: [{ ...(variable('line') as never as DashboardBody['variables'][number]) }] });
    const outcome = await iSave({ ...body, panels: [...body.panels, chart('c', '$belt') as never] });
    expect(outcome).toMatchObject({ state: 'conflict', message: expect.stringMatching(/belt/) });
    expect((await now()).variables.map(({ name }) => name)).toEqual(['line']);
  });

  test('saving twice in a row, or the same from two windows, is no conflict', async () => {
    const body = await start();
    const once = { ...body, title: 'Once' };
    expect((await Promise.all([iSave(once), iSave(once)])).map(({ state }) => state)).not.toContain('conflict');
    expect(await now()).toMatchObject({ title: 'Once', version: version + 1 });
    const twice = await Promise.all([iSave({ ...once, title: 'Twice' }, version + 1), iSave({ ...once, tags: ['night'] }, version + 1)]);
    expect(twice.map(({ state }) => state).toSorted()).toEqual(['merged', 'saved']);
    expect(await now()).toMatchObject({ title: 'Twice', tags: ['night'] });
  });

  test('one restores an earlier version while the other edits: both are kept, or the second gets a conflict', async () => {
    const body = await start({ title: 'First' });
    const first = version;
    const outcome = await iSave({ ...body, title: 'Second' });
    if (outcome.state !== 'saved') throw new Error('Not saved.');
    ({ version } = outcome.dashboard);
    await other.dashboards.rollback({ params: { code: 'two', version: first }, body: { version } });
    expect((await iSave({ ...body, title: 'Second', tags: ['mine'] })).state).toBe('merged');
    expect(await now()).toMatchObject({ title: 'First', tags: ['mine'] });
  });
});

test('offline, cached dashboards are readable with their age, a draft is kept, and nothing is saved', { timeout: 60_000 }, async () => {
  const seen = await read();
  await service().list({ connectionId }, neverAborts);
  // Exported once before somebody changes the chart: what is exported later is the newer one.
  const drawn = chartDefinition.parse({ code: 'shift-speed', title: 'Older', selector: { from: 'signal', loaderCode: 'belt-speed' } });
  const { version } = await other.charts.create({ body: drawn });
  const shown = { id: 'c', kind: 'library', chart: 'shift-speed', place: { x: 0, y: 0, w: 12, h: 8 } } as const;
  await other.dashboards.create({ body: board({ code: 'shift-charts', panels: [shown] }) });
  expect((await service().export({ connectionId, code: 'shift-charts' }, neverAborts)).text).toContain('"Older"');
  await other.charts.update({ params: { code: 'shift-speed' }, body: { ...drawn, title: 'Newer', version } });
  await eventually('the newer chart', async () => {
    const { charts } = await core.handlers.charts.list({ connectionId }, neverAborts);
    return charts.some(({ title }) => title === 'Newer');
  });
  const killedAt = Date.now();
  await backend.kill();
  await eventually('offline', async () => (await core.connection()).state === 'offline', 60_000);

  expect((await service().export({ connectionId, code: 'shift-charts' }, neverAborts)).text).toContain('"Newer"');
  const list = await service().list({ connectionId }, neverAborts);
  expect(list.value.some(({ code }) => code === 'shift')).toBe(true);
  expect(list.asOf).toBeLessThanOrEqual(killedAt + 1_000);
  expect(await service().get({ connectionId, code: 'shift' }, neverAborts)).toMatchObject({ value: { version: seen.version } });
  await expect(
    Promise.resolve(service().save({ connectionId, body: board({ title: 'Offline' }), version: seen.version }, neverAborts)),
  ).rejects.toMatchObject({ code: 'unavailable' });

  await service().keepDraft({ connectionId, body: board({ title: 'Offline' }), version: seen.version }, neverAborts);
  await core.close();
  core = await openTestConsole(folder.path, backend.url);
  expect(await service().draft({ connectionId, code: 'shift' }, neverAborts)).toMatchObject({
    body: { title: 'Offline' },
    version: seen.version,
  });
  expect(await service().drafts({ connectionId }, neverAborts)).toMatchObject([{ code: 'shift', title: 'Offline' }]);
  expect(await service().get({ connectionId, code: 'shift' }, neverAborts)).toMatchObject({ value: { title: 'Shift' } });
  await expect(Promise.resolve(core.handlers.connections.remove({ id: connectionId }, neverAborts))).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('Offline'),
  });
});

test('after reconnecting the draft is saved and removed', { timeout: 60_000 }, async () => {
  const { port } = new URL(backend.url);
  backend = await startBackend({ dataDir: backendFolder.path, args: ['--no-conveyor', '--port', port] });
  await live();
  other = (await backend.login('OPERATOR')).client;
  const draft = await service().draft({ connectionId, code: 'shift' }, neverAborts);
  if (!draft) throw new Error('The draft is gone.');
  const outcome = await service().save({ connectionId, body: draft.body, version: draft.version }, neverAborts);
  expect(outcome).toMatchObject({ state: 'saved', dashboard: { title: 'Offline' } });
  expect(await service().draft({ connectionId, code: 'shift' }, neverAborts)).toBeNull();
});

test('a deleted dashboard is gone for readers too, and can be created again', async () => {
  await service().remove({ connectionId, code: 'shift' }, neverAborts);
  await expect(other.dashboards.get({ params: { code: 'shift' } })).rejects.toMatchObject({ code: 'not_found' });
  await expect(Promise.resolve(service().get({ connectionId, code: 'shift' }, neverAborts))).rejects.toMatchObject({ code: 'not_found' });
  const again = await service().save({ connectionId, body: board(), version: null }, neverAborts);
  expect(again).toMatchObject({ state: 'saved', dashboard: { title: 'Shift' } });
});

test('a document is printed from its panels in pages, with real text, and can be cancelled', async () => {
  const { documents } = core.handlers;
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC';
  const input = {
    title: 'سرعة السير – shift',
    description: '',
    language: 'ar' as const,
    from: Date.UTC(2026, 10, 21, 10),
    to: Date.UTC(2026, 10, 21, 11),
    timeZone: 'Asia/Dubai',
    variables: [{ label: 'Line', value: 'belt-1' }],
    source: 'plant',
    asOf: null,
    panels: Array.from({ length: 6 }, (_, i) => ({
      id: `p${i}`,
      title: `Panel ${i}`,
      place: { x: 0, y: i * 12, w: 24, h: 12 },
      content: i === 0 ? { kind: 'markdown' as const, text: '# Heading\n\n- one' } : { kind: 'picture' as const },
    })),
  };
  const { documentId } = await documents.begin(input, neverAborts);
  await documents.picture({ documentId, panelId: 'p1', piece: png.slice(0, 40) }, neverAborts);
  await documents.picture({ documentId, panelId: 'p1', piece: png.slice(40) }, neverAborts);
  await expect(
    Promise.resolve().then(() => documents.picture({ documentId, panelId: 'p0', piece: png }, neverAborts)),
  ).rejects.toMatchObject({
    field: 'panelId',
  });
  const { pages, base64 } = await documents.finish({ documentId }, neverAborts);
  const bytes = Buffer.from(base64, 'base64');
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  // Six panels of twelve rows, at most two a page of 23 rows.
  expect(pages).toBeGreaterThanOrEqual(3);
  expect(bytes.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(pages);
  const shares = core.received.filter(({ service: name }) => name === 'documents').map(({ payload }) => (payload as { done: number }).done);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);

  const second = await documents.begin(input, neverAborts);
  const giveUp = new AbortController();
  const finishing = Promise.resolve(documents.finish(second, giveUp.signal));
  giveUp.abort(new Error('given up'));
  await expect(finishing).rejects.toThrow('given up');
  await expect(Promise.resolve().then(() => documents.finish(second, neverAborts))).rejects.toMatchObject({ code: 'not_found' });
  await expect(Promise.resolve().then(() => documents.begin({ ...input, timeZone: 'Mars/Base' }, neverAborts))).rejects.toMatchObject({
    field: 'timeZone',
  });
});
