import type { Interval } from '#common/time/intervals.ts';
import type { Bus } from '../engines/bus/port.ts';

/** Minimum time between two events for the same loader, or between two for metrics, ms. */
const throttleMs = 1_000;
/** Maximum number of names in one event: names have at most 128 characters, and PostgreSQL accepts payloads under 8,000 bytes. */
const maxNames = 50;

/**
 * Publishes "new points were stored" events, throttled per loader.
 * Consoles react by reading again only the intervals that they show.
 */
export interface StoredEvents {
  /** @param interval half-open: from the first stored time to just after the last, epoch ms */
  signals(loaderCode: string, interval: Interval): void;
  metrics(names: Iterable<string>, interval: Interval): void;
  /** Publishes what is pending. */
  close(): void;
}

/** The first event is published at once; events within the next second are merged into one. */
export function openStoredEvents(bus: Bus): StoredEvents {
  const throttles = new Map<string, ThrottledInterval>();
  const throttleFor = (key: string, publish: (interval: Interval) => void): ThrottledInterval => {
    const throttle = throttles.get(key) ?? new ThrottledInterval(publish);
    throttles.set(key, throttle);
    return throttle;
  };
  const names = new Set<string>();
  return {
    signals(loaderCode, interval) {
      throttleFor(`signals ${loaderCode}`, (all) => bus.announce('signals.stored', { loaderCode, ...all })).add(interval);
    },
    metrics(stored, interval) {
      for (const name of stored) names.add(name);
      throttleFor('metrics', (whole) => {
        const all = [...names];
        names.clear();
        for (let i = 0; i < all.length; i += maxNames) bus.announce('metrics.stored', { names: all.slice(i, i + maxNames), ...whole });
      }).add(interval);
    },
    close() {
      for (const throttle of throttles.values()) throttle.close();
    },
  };
}

class ThrottledInterval {
  readonly #publish: (interval: Interval) => void;
  #pending: Interval | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: (interval: Interval) => void) {
    this.#publish = publish;
  }

  add({ from, to }: Interval): void {
    this.#pending = this.#pending ? { from: Math.min(this.#pending.from, from), to: Math.max(this.#pending.to, to) } : { from, to };
    if (this.#timer === undefined) this.#flush();
  }

  close(): void {
    clearTimeout(this.#timer);
    if (this.#pending) this.#publish(this.#pending);
    this.#pending = null;
  }

  #flush(): void {
    if (!this.#pending) {
      this.#timer = undefined;
      return;
    }
    this.#publish(this.#pending);
    this.#pending = null;
    this.#timer = setTimeout(() => this.#flush(), throttleMs).unref();
  }
}
