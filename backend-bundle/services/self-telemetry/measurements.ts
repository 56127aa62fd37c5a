import type { Engines } from '../../engines/port.ts';
import type { MetricPoints } from '../../engines/signals/port.ts';
import type { Service } from '../service.ts';
import { ProcessWatch } from './process.ts';
import type { StoredPoints } from './stored-points.ts';
import { Tallies } from './tallies.ts';

/** How often sizes on disk are read, ms: they change slowly and are expensive to read. */
const sizesEveryMs = 60_000;

export interface SelfTelemetryOptions {
  /** Name of the process in its metrics: `backend`, or the single service in it. */
  process: string;
  /** The parts of the backend that this process measures in addition to itself. */
  parts: readonly ('loaders' | 'alerting' | 'stores')[];
  traffic: { take(): { requests: ReadonlyMap<string, number>; p95Ms: number | null } };
  points: StoredPoints;
  /** The services of this process, which provide their own metrics. */
  services: () => readonly Pick<Service, 'figures'>[];
}

type Measure = (name: string, unit: string, value: number, labels?: Record<string, string>) => void;

/** Measures this process and the parts of the backend assigned to it. */
export class Measurements {
  readonly #engines: Pick<Engines<never>, 'bus' | 'database' | 'signals'>;
  readonly #options: SelfTelemetryOptions;
  readonly #watch = new ProcessWatch();
  readonly #tallies = new Tallies();
  #unlisten = () => {};
  #lastAt = performance.now();
  #sizesAt = 0;

  constructor(engines: Pick<Engines<never>, 'bus' | 'database' | 'signals'>, options: SelfTelemetryOptions) {
    this.#engines = engines;
    this.#options = options;
  }

  start(): void {
    this.#watch.start();
    this.#unlisten = this.#engines.bus.onAnnounced(({ type, payload }) => {
      if (type === 'loader.progress' && 'lastRun' in payload) this.#tallies.run(payload);
      if (type === 'rules.evaluated' && 'rules' in payload) this.#tallies.round(payload);
    });
  }

  stop(): void {
    this.#unlisten();
    this.#watch.stop();
  }

  /** Returns what happened since the last call, and how things are now. @param at the time of the points, epoch ms */
  async take(at: number): Promise<MetricPoints[]> {
    const { parts, services } = this.#options;
    const metrics: MetricPoints[] = [];
    const measure: Measure = (name, unit, value, labels = {}) => {
      if (Number.isFinite(value)) metrics.push({ name: `watchfloor_${name}`, unit, labels, points: [[at, value]] });
    };
    const seconds = Math.max(1, performance.now() - this.#lastAt) / 1_000;
    this.#lastAt = performance.now();
    this.#measureProcess(measure, seconds);
    const tallies = this.#tallies.take();
    if (parts.includes('loaders')) measureLoaders(measure, tallies, seconds);
    if (parts.includes('alerting')) measureAlerting(measure, tallies, seconds);
    for (const service of services()) {
      for (const { name, unit, value, labels } of (await service.figures?.()) ?? []) measure(name, unit, value, labels);
    }
    if (parts.includes('stores') && at - this.#sizesAt >= sizesEveryMs) {
      this.#sizesAt = at;
      await this.#measureStores(measure);
    }
    return metrics;
  }

  #measureProcess(measure: Measure, seconds: number): void {
    const { process, points, traffic } = this.#options;
    const { delayMs, cpuPercent, rssBytes, heapBytes } = this.#watch.take();
    const own = { process };
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

  async #measureStores(measure: Measure): Promise<void> {
    const { signals, database } = this.#engines;
    const health = await signals.health();
    measure('store_bytes', 'B', health.bytes, { store: 'points' });
    measure('store_series', '', health.series);
    if (health.points !== null) measure('store_points', '', health.points);
    measure('store_pending_points', '', health.pending.points);
    measure('store_pending_bytes', 'B', health.pending.bytes);
    measure('store_damaged', '', health.damage.length);
    measure('store_bytes', 'B', await database.size(), { store: 'control' });
  }
}

type TakenTallies = ReturnType<Tallies['take']>;

function measureLoaders(measure: Measure, { runs }: TakenTallies, seconds: number): void {
  for (const { loader, kind, ...tally } of runs) {
    measure('loader_run_duration_ms', 'ms', tally.durationMs / tally.runs, { loader, kind });
    measure('loader_rows_per_second', 'rows/s', tally.rows / seconds, { loader, kind });
    measure('loader_rows_rejected', '', tally.rejected, { loader, kind });
    measure('loader_failures', '', tally.failures, { loader, kind });
  }
}

function measureAlerting(measure: Measure, { rounds }: TakenTallies, seconds: number): void {
  if (rounds.rounds > 0) measure('rules_evaluation_ms', 'ms', rounds.durationMs / rounds.rounds);
  measure('rules_evaluated_per_second', '', rounds.rules / seconds);
}
