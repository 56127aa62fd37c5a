import type { Engines } from '../../engines/port.ts';
import type { MetricPoints } from '../../engines/signals/port.ts';
import type { Service } from '../service.ts';
import { openStoredEvents } from '../stored-events.ts';
import { ProcessWatch } from './process.ts';
import type { StoredPoints } from './stored-points.ts';
import { Tallies } from './tallies.ts';

export { StoredPoints } from './stored-points.ts';

/**
 * How often the backend measures itself, ms. Times are multiples of it, so that processes that measure the same thing write the same point.
 */
export const everyMs = 10_000;
/** How often sizes on disk are read, ms: they change slowly and are expensive to read. */
const sizesEveryMs = 60_000;

export interface SelfTelemetryOptions {
  /** Name of the process in its metrics: `backend`, or the single service in it. */
  process: string;
  /** What this process measures besides itself. */
  parts: readonly ('loaders' | 'alerting' | 'stores')[];
  traffic: { take(): { requests: ReadonlyMap<string, number>; p95Ms: number | null } };
  points: StoredPoints;
  /** The services of this process, which provide their own metrics. */
  services: () => readonly Pick<Service, 'figures'>[];
}

export interface SelfTelemetry extends Service {
  /** Measures and stores now. Never throws. */
  measureNow(): Promise<void>;
}

type Measure = (name: string, unit: string, value: number, labels?: Record<string, string>) => void;

/**
 * Measures the backend itself and stores the results as ordinary metrics (listed in docs/dashboards.md). Counts are rates over the last 10
 * s or, if they are rare, the number in the last 10 s. Points that cannot be stored are dropped.
 */
export function makeSelfTelemetry(
  engines: Engines<never>,
  { process: processName, parts, traffic, points, services }: SelfTelemetryOptions,
): SelfTelemetry {
  const { bus, database, signals, log, now } = engines;
  const stored = openStoredEvents(bus);
  const watch = new ProcessWatch();
  const tallies = new Tallies();
  const measures = new Set(parts);
  let unlisten = () => {};
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<void> | null = null;
  let failing = false;
  let lastAt = performance.now();
  let sizesAt = 0;

  async function collect(at: number): Promise<MetricPoints[]> {
    const metrics: MetricPoints[] = [];
    const measure: Measure = (name, unit, value, labels = {}) => {
      if (Number.isFinite(value)) metrics.push({ name: `watchfloor_${name}`, unit, labels, points: [[at, value]] });
    };
    const seconds = Math.max(1, performance.now() - lastAt) / 1_000;
    lastAt = performance.now();
    measureProcess(measure, seconds);
    const { runs, rounds } = tallies.take();
    if (measures.has('loaders')) {
      for (const { loader, kind, ...tally } of runs) {
        measure('loader_run_duration_ms', 'ms', tally.durationMs / tally.runs, { loader, kind });
        measure('loader_rows_per_second', 'rows/s', tally.rows / seconds, { loader, kind });
        measure('loader_rows_rejected', '', tally.rejected, { loader, kind });
        measure('loader_failures', '', tally.failures, { loader, kind });
      }
    }
    if (measures.has('alerting')) {
      if (rounds.rounds > 0) measure('rules_evaluation_ms', 'ms', rounds.durationMs / rounds.rounds);
      measure('rules_evaluated_per_second', '', rounds.rules / seconds);
    }
    for (const service of services()) {
      for (const { name, unit, value, labels } of (await service.figures?.()) ?? []) measure(name, unit, value, labels);
    }
    if (measures.has('stores') && at - sizesAt >= sizesEveryMs) {
      sizesAt = at;
      const health = await signals.health();
      measure('store_bytes', 'B', health.bytes, { store: 'points' });
      measure('store_series', '', health.series);
      if (health.points !== null) measure('store_points', '', health.points);
      measure('store_pending_points', '', health.pending.points);
      measure('store_pending_bytes', 'B', health.pending.bytes);
      measure('store_damaged', '', health.damage.length);
      measure('store_bytes', 'B', await database.size(), { store: 'control' });
    }
    return metrics;
  }

  function measureProcess(measure: Measure, seconds: number): void {
    const { delayMs, cpuPercent, rssBytes, heapBytes } = watch.take();
    const own = { process: processName };
    measure('event_loop_delay_ms', 'ms', delayMs, own);
    measure('process_cpu_percent', '%', cpuPercent, own);
    measure('process_rss_bytes', 'B', rssBytes, own);
    measure('process_heap_bytes', 'B', heapBytes, own);
    const { signal, metric } = points.take();
    measure('points_stored_per_second', 'points/s', signal / seconds, { ...own, kind: 'signal' });
    measure('points_stored_per_second', 'points/s', metric / seconds, { ...own, kind: 'metric' });
    const { requests, p95Ms } = traffic.take();
    for (const status of new Set(['2xx', '4xx', '5xx', ...requests.keys()])) {
      measure('http_requests_per_second', 'req/s', (requests.get(status) ?? 0) / seconds, { ...own, status });
    }
    if (p95Ms !== null) measure('http_latency_ms_p95', 'ms', p95Ms, own);
  }

  async function store(): Promise<void> {
    const at = Math.round(now() / everyMs) * everyMs;
    try {
      const metrics = await collect(at);
      await signals.appendMetrics(metrics);
      stored.metrics(new Set(metrics.map(({ name }) => name)), { from: at, to: at + 1 });
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'the backend’s own figures could not be stored; they are left out until they can');
      failing = true;
    }
  }

  /** Measures unless the previous points are still being stored: while the store hangs, measurements are skipped. */
  function measureNow(): Promise<void> {
    storing ??= store().finally(() => {
      storing = null;
    });
    return storing;
  }

  function plan(): void {
    const next = (Math.round(now() / everyMs) + 1) * everyMs;
    timer = setTimeout(() => {
      void measureNow();
      plan();
    }, next - now()).unref();
  }

  return {
    name: 'self',
    routes: [],
    measureNow,
    async start() {
      watch.start();
      unlisten = bus.onAnnounced(({ type, payload }) => {
        if (type === 'loader.progress' && 'lastRun' in payload) tallies.run(payload);
        if (type === 'rules.evaluated' && 'rules' in payload) tallies.round(payload);
      });
      plan();
    },
    async stop() {
      clearTimeout(timer);
      unlisten();
      watch.stop();
      await storing;
      stored.close();
    },
    health: () => ({ name: 'self', status: 'up' }),
  };
}
