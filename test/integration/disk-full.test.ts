import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '#common/contract/client.ts';
import { adminPassword, cliResult, startBackend, type TestBackend } from '../support/backend.ts';
import { readEvents } from '../support/event-reader.ts';

const mounted: string[] = [];
let disk: string | undefined;
let backend: TestBackend | undefined;
/** A real, separate disk, small enough to be filled. */
beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'watchfloor-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk], { stdio: 'ignore' });
    mounted.push(disk);
  } catch {
    rmSync(disk, { recursive: true });
    disk = undefined;
  }
});
afterEach(async () => {
  await backend?.stop();
  backend = undefined;
});
afterAll(() => {
  for (const folder of mounted) {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  }
});

const free = (folder: string) => statfsSync(folder).bavail * statfsSync(folder).bsize;

/** Takes every byte that is left, as another program does. */
function fill(folder: string): string {
  const file = join(folder, 'filled');
  const handle = openSync(file, 'w');
  const block = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeSync(handle, block);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  } finally {
    closeSync(handle);
  }
  return file;
}

const unseen = {
  code: 'unseen',
  name: 'Unseen',
  chartCode: 'no-room',
  conditions: [{ kind: 'threshold' as const, aggregation: 'max' as const, windowMs: 3_600_000, operator: '>' as const, threshold: 0.5 }],
  severity: 'HIGH' as const,
  evaluateEveryMs: 1_000,
};
/** Records as a program sends them: one per second until now. */
function signalsOf(loaderCode: string, count: number) {
  const last = Math.floor(Date.now() / 1000);
  const sent = { loaderCode, segmentCode: 'a', recCount: 1, minVal: 0, maxVal: 1, sumVal: 1 };
  return Array.from({ length: count }, (_, i) => ({ ...sent, timestamp: last - i, avgVal: Math.random() }));
}

const busy = {
  code: 'busy',
  name: 'Busy',
  chartCode: 'host-load',
  conditions: [{ kind: 'threshold' as const, aggregation: 'max' as const, windowMs: 3_600_000, operator: '>' as const, threshold: 1 }],
  severity: 'HIGH' as const,
  evaluateEveryMs: 1_000,
};

describe('on a full disk', () => {
  it('people sign in and stay signed in, alerts fire, are stored and reach consoles, and health names the disk', async ({ skip }) => {
    if (disk === undefined) return skip('only root may mount a small disk');
    const dataDir = join(disk, 'data');
    mkdirSync(dataDir);
    const before = free(disk);
    backend = await startBackend({ dataDir });
    const { client, session } = await backend.login('OPERATOR');
    const load = { name: 'host_load1', unit: '', labels: {}, points: [[Date.now(), 9]] as [number, number][] };
    await backend.agent.metrics.ingest({ body: { batchId: crypto.randomUUID(), metrics: [load] } });
    const whole = disk;
    // The reserve is made once the backend answers.
    await expect.poll(() => before - free(whole), { timeout: 30_000 }).toBeGreaterThan(8e6);
    const filled = fill(disk);
    expect(free(disk)).toBe(0);

    const again = await backend.client.auth.login({ body: { username: 'operator', password: adminPassword } });
    const renewed = await backend.client.auth.refresh({ body: { refreshToken: session.refreshToken } });
    for (const { accessToken } of [again, renewed]) {
      expect(await createClient({ baseUrl: backend.url, token: () => accessToken }).auth.me()).toEqual(session.user);
    }
    await expect(backend.client.auth.refresh({ body: { refreshToken: session.refreshToken } })).rejects.toMatchObject({
      code: 'token_invalid',
    });

    const operator = await backend.client.auth.login({ body: { username: 'operator', password: adminPassword } });
    const events = await readEvents(backend.url, operator.accessToken);
    const signedIn = createClient({ baseUrl: backend.url, token: () => operator.accessToken });
    await signedIn.rules.create({ body: busy });
    const { event } = await events.until(
      (heard) => heard.event.type === 'alert.triggered' && JSON.stringify(heard.event.data).includes('busy'),
    );
    expect(event.type).toBe('alert.triggered');
    await events.close();
    expect((await signedIn.alerts.list({ query: {} })).items.map(({ ruleCode }) => ruleCode)).toContain('busy');
    expect((await signedIn.rules.list({})).items.length).toBeGreaterThan(3);

    const signals = signalsOf('no-room', 10_000);
    await expect(signedIn.signals.bulk({ body: { signals } })).rejects.toMatchObject({ code: 'disk_full' });

    expect((await backend.client.health.report({})).services[0]).toMatchObject({
      name: 'database',
      status: 'degraded',
      detail: expect.stringMatching(new RegExp(`The disk that holds ${dataDir} is full, with 0\\.0 MB free`)),
    });

    rmSync(filled);
    await expect.poll(async () => (await client.health.report({})).services[0]?.status).toBe('up');
    // Points stored in the meantime are there after a restart.
    await backend.kill();
    const database = new Database(join(dataDir, 'watchfloor.db'));
    const audited = database.prepare("SELECT action, actor FROM audit WHERE entity = 'no-room' ORDER BY id").all();
    database.close();
    expect(audited).toEqual(['signals.received', 'signals.not_stored'].map((action) => ({ action, actor: 'operator' })));
    backend = await startBackend({ dataDir });
    const later = (await backend.login('OPERATOR')).client;
    expect((await later.alerts.list({ query: {} })).items.map(({ ruleCode }) => ruleCode)).toContain('busy');
  }, 120_000);

  it('rules use the refused points until they are delivered again', async ({ skip }) => {
    if (disk === undefined) return skip('only root may mount a small disk');
    const dataDir = join(disk, 'data');
    mkdirSync(dataDir);
    const before = free(disk);
    backend = await startBackend({ dataDir });
    const { client } = await backend.login('OPERATOR');
    const selector = { from: 'signal', loaderCode: 'no-room' } as const;
    await client.charts.create({ body: { code: 'no-room', title: 'No room', selector } });
    await client.rules.create({ body: unseen });
    const whole = disk;
    await expect.poll(() => before - free(whole), { timeout: 30_000 }).toBeGreaterThan(8e6);
    const filled = fill(disk);

    const { accessToken } = await backend.client.auth.login({ body: { username: 'operator', password: adminPassword } });
    const events = await readEvents(backend.url, accessToken);
    const signals = signalsOf('no-room', 10_000);
    await expect(client.signals.bulk({ body: { signals } })).rejects.toMatchObject({ code: 'disk_full' });
    const isOfRule = (type: string, data: unknown) => type === 'alert.triggered' && JSON.stringify(data).includes('"unseen"');
    await events.until(({ event: { type, data } }) => isOfRule(type, data));
    await events.close();

    // The points are still refused: none can be read, and the error says so.
    const range = { fromEpoch: Math.floor(Date.now() / 1000) - 3_600, toEpoch: Math.floor(Date.now() / 1000) + 1 };
    const stored = () => client.signals.range({ params: { loaderCode: 'no-room' }, query: { ...range, limit: 5_000 } });
    await expect(stored()).rejects.toMatchObject({ code: 'not_found' });
    const signalsHealth = async () => (await client.health.report({})).services.find(({ name }) => name === 'signals');
    expect(await signalsHealth()).toMatchObject({
      status: 'degraded',
      points: { unstoredPoints: 10_000 },
      detail: expect.stringContaining('10,000 points are not stored, because the disk is full'),
    });

    rmSync(filled);
    await client.signals.bulk({ body: { signals } });
    expect((await signalsHealth())?.points).toMatchObject({ unstoredPoints: 0 });
    expect((await stored()).items.length).toBeGreaterThan(3_500);
    const [alert] = (await client.alerts.list({ query: {} })).items.filter(({ ruleCode }) => ruleCode === 'unseen');
    expect(alert).toMatchObject({ state: 'FIRING' });
  }, 120_000);

  it('the start names the disk, not the first file that could not be written', async ({ skip }) => {
    if (disk === undefined) return skip('only root may mount a small disk');
    const dataDir = join(disk, 'data');
    mkdirSync(dataDir);
    const filled = fill(disk);
    const { status, err } = await cliResult(['embedded', '--no-conveyor', '--port', '0', '--data', dataDir]);
    expect(status).toBe(1);
    expect(err).toContain(`The disk that holds ${dataDir} is full, with 0.0 MB free`);
    expect(err).toContain('Free at least 4 MB there');
    expect(err).not.toContain('lock');
    rmSync(filled);
    backend = await startBackend({ dataDir });
  }, 60_000);
});
