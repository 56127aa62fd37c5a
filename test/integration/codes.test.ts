import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alert } from '#common/contract/alerts.ts';
import type { Client } from '#common/contract/client.ts';
import { until } from '../conformance/adapters.ts';
import { onEachDeployment } from '../support/deployments.ts';
import { makePlant, sql } from './loaders-world.ts';

/** Codes that differ in letter case, in signs, or only after a dot. */
const codes = ['DAILY_SALES', 'daily_sales', 'Daily.Sales-1', 'Daily.Sales-2'];

onEachDeployment('codes of any letter case', (backend) => {
  let client: Client;
  let folder = '';
  beforeAll(async () => {
    client = (await backend().login('ADMIN')).client;
    folder = mkdtempSync(join(tmpdir(), 'watchfloor-codes-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('stay distinct from the source through loader, chart and rule to the alert', async () => {
    const now = Date.now();
    for (const [i, code] of codes.entries()) {
      const plant = makePlant(folder, `${i}.db`);
      plant.add([
        [now - 2_000, 'EU-West', i + 1],
        [now - 1_000, 'eu-west', 10 * (i + 1)],
      ]);
      plant.close();
      await client.sources.create({ body: { code, name: code, settings: { kind: 'sqlite', file: plant.file } } });
      const loader = { code, name: code, sourceCode: code, sql, intervalMs: 1_000, historyMs: 60_000, overlapMs: 60_000 };
      await client.loaders.create({ body: loader });
      const selector = { from: 'signal' as const, loaderCode: code, segmentCode: 'EU-West' };
      await client.charts.create({ body: { code, title: code, selector, aggregation: 'max' } });
    }
    const range = { fromEpoch: Math.floor(now / 1_000) - 60, toEpoch: Math.floor(now / 1_000) + 60 };
    const read = async (loaderCode: string, segmentCode: string) =>
      (await client.signals.query({ query: { loaderCode, ...range, segmentCode } })).dataPoints.map(({ value }) => value);
    for (const [i, code] of codes.entries()) {
      await until(`${code} has loaded`, async () => (await read(code, 'eu-west')).length > 0, 60_000);
      expect([await read(code, 'EU-West'), await read(code, 'eu-west'), await read(code, 'Eu-West')]).toEqual([
        [i + 1],
        [10 * (i + 1)],
        [],
      ]);
      const condition = { kind: 'threshold', aggregation: 'max', windowMs: 3_600_000, operator: '>', threshold: i + 0.5 } as const;
      await client.rules.create({
        body: { code, name: code, chartCode: code, conditions: [condition], severity: 'HIGH', evaluateEveryMs: 1_000, delayMs: 0 },
      });
    }
    let firing: Alert[] = [];
    await until('every rule fires', async () => {
      firing = (await client.alerts.list({ query: { state: 'FIRING' } })).items.filter(({ ruleCode }) => codes.includes(ruleCode));
      return firing.length === codes.length;
    });
    for (const [i, code] of codes.entries()) {
      const { items } = await client.alerts.list({ query: { ruleCode: code } });
      expect(items.map(({ ruleCode, chartCode, value, labels }) => [ruleCode, chartCode, value, labels])).toEqual([
        [code, code, i + 1, { loader: code, segment: 'EU-West' }],
      ]);
      expect((await client.charts.usage({ params: { code } })).rules.map((rule) => rule.code)).toEqual([code]);
      expect((await client.loaders.runs({ params: { code } })).items[0]?.loaderCode).toBe(code);
    }
    await client.rules.remove({ params: { code: 'DAILY_SALES' } });
    expect((await client.rules.get({ params: { code: 'daily_sales' } })).code).toBe('daily_sales');
    await expect(client.charts.get({ params: { code: 'Daily_Sales' } })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a code that equals a path of the API is refused by name, for every resource; with other letter case it is allowed', async () => {
    const selector = { from: 'signal' as const, loaderCode: 'DAILY_SALES' };
    const chart = { title: 'x', selector };
    for (const code of ['usage', 'schema', 'data', 'columns']) {
      await expect(client.charts.create({ body: { ...chart, code } })).rejects.toMatchObject({
        code: 'validation_failed',
        field: 'code',
        message: expect.stringContaining(`/api/v1/charts/${code}`),
      });
    }
    expect((await client.charts.create({ body: { ...chart, code: 'Usage' } })).code).toBe('Usage');
    expect((await client.charts.get({ params: { code: 'Usage' } })).code).toBe('Usage');
    const loader = { code: 'preview', name: 'x', sourceCode: 'DAILY_SALES', sql, intervalMs: 1_000 };
    await expect(client.loaders.create({ body: loader })).rejects.toMatchObject({ code: 'validation_failed', field: 'code' });
    await expect(client.dashboards.create({ body: { code: 'import', title: 'x' } })).rejects.toMatchObject({ field: 'code' });
  });
});
