import type { SeriesSelector } from '#common/contract/charts.ts';
import type { Engines } from '../../engines/port.ts';
import { type Peers, serviceCaller } from '../peers.ts';

/** How long a read of the loaders may take, ms: rules wait for it. */
const timeoutMs = 1_000;
/** Minimum time between a failed read and the next one, ms. */
const retryMs = 2_000;
/** Maximum number of events checked for changes of loaders; after more, the loaders are read again in any case. */
const maxEvents = 500;

/**
 * How long the points of each loader may take to arrive: its interval and its overlap. Read from the loaders service, and again only after
 * an event of the bus reports a change; while the service does not answer, the last known ones are used.
 */
export class LoaderDelays {
  readonly #engines: Pick<Engines, 'bus' | 'log'>;
  readonly #peers: Peers;
  #delays: ReadonlyMap<string, number> = new Map();
  /** Newest event that the delays in memory include; null before the first read. */
  #position: string | null = null;
  #retryAt = 0;

  constructor(engines: Pick<Engines, 'bus' | 'log'>, peers: Peers) {
    this.#engines = engines;
    this.#peers = peers;
  }

  /** Returns the delays by loader code, ms. Never throws: a loader that isn't known has none. */
  async current(): Promise<ReadonlyMap<string, number>> {
    if (performance.now() < this.#retryAt) return this.#delays;
    try {
      const newest = await this.#engines.bus.lastId();
      if (await this.#isOutdated(newest)) {
        const { items } = await this.#peers.as(serviceCaller('alerting')).loaders.list({}, { signal: AbortSignal.timeout(timeoutMs) });
        this.#delays = new Map(items.map(({ code, intervalMs, overlapMs }) => [code, intervalMs + overlapMs]));
      }
      this.#position = newest;
    } catch (error) {
      if (this.#retryAt === 0) this.#engines.log.warn({ err: error }, 'the loaders cannot be read; rules use their last known delays');
      this.#retryAt = performance.now() + retryMs;
      return this.#delays;
    }
    this.#retryAt = 0;
    return this.#delays;
  }

  async #isOutdated(newest: string): Promise<boolean> {
    if (this.#position === null) return true;
    if (newest === this.#position) return false;
    const events = await this.#engines.bus.replay(this.#position, maxEvents);
    const isChange = ({ type }: { type: string }) => type === 'loader.changed' || type === 'loader.deleted';
    return events === null || events.length === maxEvents || events.some(isChange);
  }
}

/** Returns how long before the evaluation the windows of a rule without a delay of its own end, ms. */
export const defaultDelayMs = (selector: SeriesSelector, delays: ReadonlyMap<string, number>): number =>
  selector.from === 'signal' ? (delays.get(selector.loaderCode) ?? 0) : 0;
