import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCollector } from '#backend/agents/collect.ts';
import { withoutTables } from '#backend/engines/port.ts';
import { everyMs, makeSelfTelemetry, StoredPoints } from '#backend/services/self-telemetry/index.ts';
import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { SeriesQuery } from '#common/contract/charts.ts';
import type { Client } from '#common/contract/client.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { measure } from './alerting-world.ts';
import { onEachDatabase } from './dashboards-world.ts';

describe('the backend’s own metrics', () => {
  let backend: TestBackend;
  let client: Client;
  beforeAll(async () => {
    backend = await startBackend({ args: [], env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '100000' } });
    ({ client } = await backend.login('VIEWER'));
  });
  afterAll(() => backend.stop());

  async function points(name: string, labels: Record<string, string> = {}) {
    const to = Date.now() + 1_000;
    const query: SeriesQuery = { selector: { from: 'metric', name, labels }, aggregation: 'raw', from: to - 600_000, to, bucketMs: 0 };
    const { results } = await client.charts.data({ body: { queries: [query] } });
    const [result] = results;
    if (result?.ok !== true) throw new Error(`${name} cannot be asked for`);
    return result.series;
  }
  async function until<T>(look: () => Promise<T | null>): Promise<T> {
    for (const deadline = Date.now() + 45_000; ; await sleep(250)) {
      const found = await look();
      if (found !== null) return found;
      if (Date.now() > deadline) throw new Error('waited in vain');
    }
  }

  test('are stored as metrics that the shipped dashboards show', { timeout: 120_000 }, async () => {
    const names = new Set<string>();
    const expected = [
      'watchfloor_alerts_firing',
      'watchfloor_event_loop_delay_ms',
      'watchfloor_http_latency_ms_p95',
      'watchfloor_http_requests_per_second',
      'watchfloor_loader_failures',
      'watchfloor_loader_lag_seconds',
      'watchfloor_loader_rows_per_second',
      'watchfloor_loader_rows_rejected',
      'watchfloor_loader_run_duration_ms',
      'watchfloor_points_stored_per_second',
      'watchfloor_process_cpu_percent',
      'watchfloor_process_heap_bytes',
      'watchfloor_process_rss_bytes',
      'watchfloor_rules_evaluated_per_second',
      'watchfloor_rules_evaluation_ms',
      'watchfloor_store_bytes',
      'watchfloor_store_pending_points',
      'watchfloor_store_points',
      'watchfloor_store_series',
    ];
    await until(async () => {
      for (const { name } of (await client.metrics.series()).items) names.add(name);
      return expected.every((name) => names.has(name)) ? true : null;
    });
    const rss = await until(async () => {
      const [series] = await points('watchfloor_process_rss_bytes', { process: 'backend' });
      return series !== undefined && series.t.length >= 2 ? series : null;
    });
    // On a grid of times that every process shares.
    for (const t of rss.t) expect(t % everyMs).toBe(0);
    for (const v of rss.v) expect(v).toBeGreaterThan(20_000_000);
    const loaders = await points('watchfloor_loader_run_duration_ms', { kind: 'live' });
    expect(loaders.map(({ labels }) => labels['loader']).toSorted()).toEqual(['belt-current', 'belt-items', 'belt-rejects', 'belt-speed']);
    const lag = await points('watchfloor_loader_lag_seconds', { loader: 'belt-speed' });
    expect(lag[0]?.v.at(-1)).toBeLessThan(60);
    // Our own requests are among what was answered.
    const requests = await points('watchfloor_http_requests_per_second', { status: '2xx' });
    expect(Math.max(...(requests[0]?.v ?? []))).toBeGreaterThan(0);
  });

  test('fill every panel of the shipped dashboards, together with the agent and the conveyor', { timeout: 120_000 }, async () => {
    const collector = openCollector(pino({ level: 'silent' }));
    for (let i = 0; i < 2; i++) {
      // Rates compare with the sample before.
      await backend.agent.metrics.ingest({ body: { batchId: crypto.randomUUID(), metrics: await collector.collect(Date.now()) } });
      await sleep(300);
    }
    const library = new Map((await client.charts.list()).items.map((chart) => [chart.code, chart]));
    const empty = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const { code } of (await client.dashboards.list({ query: {} })).items) {
        const { panels, variables } = await client.dashboards.get({ params: { code } });
        for (const panel of panels) {
          const drawing = panel.kind === 'library' ? library.get(panel.chart) : panel.kind === 'chart' ? panel.drawing : undefined;
          if (drawing === undefined) continue;
          const fixed = panel.kind === 'library' ? panel.values : {};
          const values = { ...resolveValues(drawing.variables), ...resolveValues(variables), ...fixed };
          const to = Date.now() + 1_000;
          const range = { from: to - 3_600_000, to, bucketMs: drawing.bucketMs ?? 10_000 };
          const query = { selector: bindSelector(drawing.selector, values), aggregation: drawing.aggregation, ...range };
          const [result] = (await client.charts.data({ body: { queries: [query] } })).results;
          if (!(result?.ok && result.series.some(({ t }) => t.length > 0))) found.push(`${code}/${panel.id}`);
        }
      }
      return found;
    };
    expect((await client.dashboards.list({ query: {} })).items.map(({ code }) => code).toSorted()).toEqual([
      'conveyor',
      'host-health',
      'loaders',
      'platform-health',
    ]);
    await until(async () => ((await empty()).length === 0 ? true : null)).catch(async () => expect(await empty()).toEqual([]));
  });
});

onEachDatabase('figures', (open) => {
  test('count what is stored, and are dropped while the store fails', async () => {
    const { world } = await open();
    let broken = false;
    const warnings: string[] = [];
    const points = new StoredPoints();
    const replica = await world.replica((engines) => {
      const store = engines.signals;
      const failing = new Proxy(store, {
        get: (target, name) => {
          if (broken && name === 'appendMetrics') return () => Promise.reject(new Error('the disk is full'));
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      const log = Object.create(engines.log) as typeof engines.log;
      log.warn = (_: unknown, text?: string) => void warnings.push(String(text));
      return { ...engines, log, signals: points.counting(failing) };
    });
    const traffic = { take: () => ({ requests: new Map([['2xx', 5]]), p95Ms: 12 }) };
    const { engines } = replica;
    const clock = { now: 1_700_000_000_000 };
    const service = makeSelfTelemetry(withoutTables({ ...engines, now: () => clock.now }), {
      process: 'test',
      parts: ['alerting'],
      traffic,
      points,
      services: () => [replica.service],
    });
    const round = async () => {
      clock.now += everyMs;
      await service.measureNow();
    };
    await measure(engines, { 'belt-1': 1, 'belt-2': 2 });
    await round();
    const stored = await engines.signals.query({
      selector: { from: 'metric', name: 'watchfloor_points_stored_per_second', labels: { process: 'test', kind: 'signal' } },
      aggregation: 'raw',
      from: 0,
      to: clock.now + 1,
      bucketMs: 0,
      maxPoints: 10,
    });
    expect(stored).toHaveLength(1);
    expect([...(stored[0]?.t ?? [])]).toEqual([clock.now]);
    expect(stored[0]?.v[0]).toBeGreaterThan(0);

    broken = true;
    await round();
    await round();
    expect(warnings).toHaveLength(1);
    broken = false;
    await round();
    const [rss] = await engines.signals.query({
      selector: { from: 'metric', name: 'watchfloor_process_rss_bytes', labels: { process: 'test' } },
      aggregation: 'raw',
      from: 0,
      to: clock.now + 1,
      bucketMs: 0,
      maxPoints: 10,
    });
    expect([...(rss?.t ?? [])].map((t) => (t - 1_700_000_000_000) / everyMs)).toEqual([1, 4]);
  });
});
