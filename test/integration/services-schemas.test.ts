import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient } from '#common/contract/client.ts';
import { dashboardBody } from '#common/contract/dashboards.ts';
import { exportDashboard } from '#common/dashboards/format.ts';
import { adminPassword, cliResult, runCli, startBackend } from '../support/backend.ts';
import { freePorts } from '../support/ports.ts';
import { type PostgresServer, startPostgres, withoutPostgres } from '../support/postgres.ts';
import { speedChart, speedRule } from './alerting-world.ts';

const names = ['gateway', 'signals', 'charts', 'dashboards', 'alerting', 'loaders', 'notifications', 'conveyor'] as const;
type Name = (typeof names)[number];

/** An installation with one schema gets one schema per service, and continues with a process and a database role for each. */
describe.skipIf(withoutPostgres() !== null)('services with a schema and a role of their own', () => {
  let postgres: PostgresServer;
  let ownerUrl: string;
  let masterKey: string;
  const children = new Map<Name, ChildProcess>();
  const urls = {} as Record<Name, string>;
  const roleUrl = (name: Name) => ownerUrl.replace('//watchfloor@', `//watchfloor_${name}@`);

  async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
  const query = (url: string, text: string) => connected(url, async (client) => (await client.query(text)).rows as unknown[]);
  async function start(name: Name): Promise<void> {
    const child = runCli(['service', name, '--database-url', roleUrl(name), '--port', new URL(urls[name]).port, '--json'], {
      WATCHFLOOR_MASTER_KEY: masterKey,
      WATCHFLOOR_SERVICE_URLS: JSON.stringify(urls),
    });
    children.set(name, child);
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    if (!child.stdout) throw new Error('The service has no standard output.');
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended:\n${log}`)));
    ended.catch(() => undefined);
    await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  }
  async function end(name: Name): Promise<void> {
    const child = children.get(name);
    if (child === undefined) return;
    children.delete(name);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
  async function signIn(): Promise<Client> {
    const body = { username: 'admin', password: adminPassword };
    const session = await createClient({ baseUrl: urls.gateway }).auth.login({ body });
    return createClient({ baseUrl: urls.gateway, token: () => session.accessToken });
  }

  beforeAll(async () => {
    postgres = await startPostgres();
    ownerUrl = await postgres.database('separate');
    masterKey = randomBytes(32).toString('base64');
    // As it was: everything in one schema, with something of each service in it.
    const before = await startBackend({ args: ['--database-url', ownerUrl], env: { WATCHFLOOR_MASTER_KEY: masterKey } });
    const { client } = await before.login('OPERATOR');
    await client.charts.create({ body: { ...speedChart, code: 'ours' } });
    await client.rules.create({ body: speedRule({ code: 'ours', chartCode: 'ours' }) });
    await client.dashboards.create({
      body: {
        code: 'ours',
        title: 'Ours',
        panels: [{ id: 'p', kind: 'library', chart: 'ours', place: { x: 0, y: 0, w: 4, h: 4 } }],
      },
    });
    await before.stop();
    for (const name of names) await query(ownerUrl, `create role watchfloor_${name} login`);
    const migrated = await cliResult(['migrate', '--separate', '--database-url', ownerUrl], { WATCHFLOOR_MASTER_KEY: masterKey });
    expect(migrated).toMatchObject({ status: 0, err: '' });
    const ports = await freePorts(names.length);
    for (const [i, name] of names.entries()) urls[name] = `http://127.0.0.1:${ports[i]}`;
    // All at once, in any order: a service that needs another waits for it, or reports that it does not answer.
    await Promise.all(names.map(start));
  });
  afterAll(async () => {
    await Promise.all([...children.keys()].map(end));
    await postgres.close();
  });

  test('each role may use its own tables and what is common, and nothing else', async () => {
    const tables = {
      gateway: ['users', 'refresh_tokens', 'api_keys', 'own_keys'],
      signals: ['metric_batches'],
      charts: ['charts', 'chart_versions', 'shipped_charts'],
      dashboards: ['dashboards', 'dashboard_versions', 'shipped_dashboards', 'dashboard_stars', 'dashboard_thumbnails'],
      alerting: [
        'rules',
        'rule_versions',
        'rule_states',
        'rule_evaluations',
        'rule_charts',
        'pinned_charts',
        'shipped_rules',
        'alerts',
        'alert_events',
      ],
      notifications: ['smtp_settings', 'mail_recipients', 'mail_messages', 'mail_attempts'],
      loaders: ['sources', 'loaders', 'loader_runs', 'shipped_sources', 'shipped_loaders'],
    };
    for (const role of names) {
      await connected(roleUrl(role), async (client) => {
        for (const [service, own] of Object.entries(tables)) {
          for (const table of own) {
            const read = client.query(`select 1 from watchfloor_${service}.${table} limit 1`);
            if (service === role) await read;
            else await expect(read, `${role} reads ${table}`).rejects.toThrow(/permission denied/);
          }
        }
        await client.query('select 1 from bus_events limit 1');
        await expect(client.query('select 1 from audit')).rejects.toThrow(/permission denied/);
      });
    }
  });

  test('continue with existing data, and work together through the gateway', async () => {
    const client = await signIn();
    expect((await client.charts.get({ params: { code: 'ours' } })).title).toBe('Belt speed');
    expect((await client.rules.list()).items.map(({ code }) => code)).toContain('ours');
    expect(await client.charts.usage({ params: { code: 'ours' } })).toEqual({
      dashboards: [{ code: 'ours', title: 'Ours' }],
      rules: [{ code: 'ours', name: 'Belt speed low' }],
    });
    await expect(client.charts.remove({ params: { code: 'ours' } })).rejects.toMatchObject({ code: 'conflict' });
    const { items: dashboards } = await client.dashboards.list({ query: { search: 'belt speed' } });
    expect(dashboards.map(({ code }) => code)).toContain('ours');
    await expect(client.rules.create({ body: speedRule({ code: 'none', chartCode: 'none' }) })).rejects.toMatchObject({
      code: 'not_found',
      field: 'chartCode',
    });
    const at = Math.floor(Date.now() / 1_000) - 10;
    const query = { loaderCode: 'separate', fromEpoch: at, toEpoch: at + 60 };
    await expect(client.signals.query({ query })).rejects.toMatchObject({ code: 'not_found' });
    const record = { loaderCode: 'separate', timestamp: at, segmentCode: 'a', recCount: 1, minVal: 1, maxVal: 1, avgVal: 1, sumVal: 1 };
    await client.signals.bulk({ body: { signals: [record] } });
    expect((await client.signals.query({ query })).dataPoints).toHaveLength(1);
    await expect.poll(async () => (await client.health.report()).rulesEvaluatedAt, { timeout: 30_000 }).not.toBeNull();
  });

  test('each service records the answer to a request in the transaction of its effect, with the rights of its own role', async () => {
    const client = await signIn();
    const idempotencyKey = crypto.randomUUID();
    const call = [{ body: { ...speedChart, code: 'once' } }, { idempotencyKey }] as const;
    // Where the answer cannot be recorded, nothing of the effect stays.
    await query(ownerUrl, 'revoke update on idempotency from watchfloor_charts');
    await expect(client.charts.create(...call)).rejects.toThrow();
    await query(ownerUrl, 'grant update on idempotency to watchfloor_charts');
    await expect(client.charts.get({ params: { code: 'once' } })).rejects.toMatchObject({ code: 'not_found' });
    const made = await client.charts.create(...call);
    await end('charts');
    await start('charts');
    expect(await client.charts.create(...call)).toEqual(made);
    expect((await client.charts.versions({ params: { code: 'once' } })).items).toHaveLength(1);
  });

  test('an import stores charts and dashboard in two services; if it is interrupted in between, a repeat completes it', async () => {
    const client = await signIn();
    const panel = { id: 'p', kind: 'library', chart: 'brought', place: { x: 0, y: 0, w: 4, h: 4 } } as const;
    const body = dashboardBody.parse({ code: 'brought', title: 'Brought', panels: [panel] });
    const record = { version: 1, createdAt: 0, createdBy: 'x', updatedAt: 0, updatedBy: 'x' };
    const json: unknown = JSON.parse(JSON.stringify(exportDashboard({ ...body, ...record }, [{ ...speedChart, code: 'brought' }])));
    const bring = () => client.dashboards.import({ body: { json, keep: true } });
    // As if the process had died after the first of the two.
    await client.charts.import({ body: { charts: [{ ...speedChart, code: 'brought' }], keep: true } });
    expect((await bring()).notCarried).toEqual([]);
    expect(await client.dashboards.get({ params: { code: 'brought' } })).toMatchObject({ createdBy: 'admin' });
    expect((await client.charts.versions({ params: { code: 'brought' } })).items).toMatchObject([
      { version: 1, by: 'admin', note: 'imported' },
    ]);
    await expect(bring()).rejects.toMatchObject({ code: 'conflict' });
  });

  test('while the charts service is down, rules use the last known charts, also after a restart; new references are refused', async () => {
    const client = await signIn();
    await end('charts');
    await end('alerting');
    await start('alerting');
    const evaluatedAt = async () => (await client.rules.get({ params: { code: 'ours' } })).evaluatedAt ?? 0;
    const restartedAt = Date.now();
    await expect.poll(evaluatedAt, { timeout: 30_000 }).toBeGreaterThan(restartedAt);
    const { statuses } = await client.rules.get({ params: { code: 'ours' } });
    expect(statuses.map(({ state }) => state)).not.toContain('ERROR');
    const health = (await client.health.report()).services.find(({ name }) => name === 'alerting');
    expect(health).toMatchObject({ status: 'degraded', detail: expect.stringContaining('last known') });

    const unavailable = { code: 'unavailable', message: expect.stringContaining('charts service does not answer') };
    await expect(client.rules.create({ body: speedRule({ code: 'new', chartCode: 'ours' }) })).rejects.toMatchObject(unavailable);
    const panels = [{ id: 'p', kind: 'library', chart: 'ours', place: { x: 0, y: 0, w: 4, h: 4 } } as const];
    await expect(client.dashboards.create({ body: { code: 'new', title: 'New', panels } })).rejects.toMatchObject(unavailable);
    await client.dashboards.create({ body: { code: 'new', title: 'New', panels: [] } });
    await start('charts');
    await end('dashboards');
    await expect(client.charts.remove({ params: { code: 'brought' } })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('dashboards service does not answer'),
    });
    await start('dashboards');
  });

  test('a role that may not migrate names the role that may', async () => {
    await query(ownerUrl, 'delete from schema_migrations where version = (select max(version) from schema_migrations)');
    const { status, err } = await cliResult(['service', 'charts', '--database-url', roleUrl('charts')], {
      WATCHFLOOR_MASTER_KEY: masterKey,
    });
    expect(status).toBe(1);
    expect(err).toContain('Run “migrate”');
  });
});
