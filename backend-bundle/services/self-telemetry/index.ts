import type { Engines } from '../../engines/port.ts';
import type { Service } from '../service.ts';
import { openStoredEvents } from '../stored-events.ts';
import { Measurements, type SelfTelemetryOptions } from './measurements.ts';

export type { SelfTelemetryOptions } from './measurements.ts';
export { StoredPoints } from './stored-points.ts';

/**
 * How often the backend measures itself, ms. Times are multiples of it, so that processes that measure the same thing write the same point.
 */
export const everyMs = 10_000;

export interface SelfTelemetry extends Service {
  /** Measures and stores now. Never throws. */
  measureNow(): Promise<void>;
}

/**
 * Measures the backend itself and stores the results as ordinary metrics (listed in docs/dashboards.md). Counts are rates over the last 10
 * s or, if they are rare, the number in the last 10 s. Points that cannot be stored are dropped.
 */
export function makeSelfTelemetry(engines: Engines<never>, options: SelfTelemetryOptions): SelfTelemetry {
  const { bus, signals, log, now } = engines;
  const stored = openStoredEvents(bus);
  const measurements = new Measurements(engines, options);
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<void> | null = null;
  let failing = false;

  async function store(): Promise<void> {
    const at = Math.round(now() / everyMs) * everyMs;
    try {
      const metrics = await measurements.take(at);
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
      measurements.start();
      plan();
    },
    async stop() {
      clearTimeout(timer);
      measurements.stop();
      await storing;
      stored.close();
    },
    health: () => ({ name: 'self', status: 'up' }),
  };
}
