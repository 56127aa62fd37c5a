import { type ChartDefinition, chartDefinition } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import { bodyOf } from '#common/versions/shape.ts';
import type { Engines } from '../engines/port.ts';
import { type Peers, serviceCaller } from './peers.ts';

/** How long a read that can fall back to the last known charts waits for newer ones, ms. */
const timeoutMs = 1_000;
/** Minimum time between a failed read and the next one, ms. */
const retryMs = 2_000;
/** Maximum number of events checked for changes of charts; after more, the charts are read again in any case. */
const maxEvents = 500;

/** A chart and its version. */
export type LibraryChart = ChartDefinition & { version: number };
export type LibraryCharts = ReadonlyMap<string, LibraryChart>;

/** Stores a copy of the charts that survives a restart. */
export interface ChartCopies {
  /** @returns null when there is no copy yet */
  read(): Promise<LibraryChart[] | null>;
  replace(charts: readonly LibraryChart[]): Promise<void>;
}

/**
 * Caches the chart definitions for another service. It reads them from the charts service, and again only after an event of the bus reports
 * a change. So a result includes every change committed before the call, unless the charts service does not answer.
 */
export class ChartLibrary {
  readonly #engines: Pick<Engines, 'bus' | 'log'>;
  readonly #peers: Peers;
  readonly #service: string;
  readonly #copies: ChartCopies | null;
  #charts: LibraryCharts | null = null;
  /** Newest event that the charts in memory include; null while they are a copy of unknown age. */
  #position: string | null = null;
  /** The running read, and the newest event when it started. */
  #reading: { newest: string; charts: Promise<LibraryCharts> } | null = null;
  #failure: { error: AppError; retryAt: number } | null = null;

  /** @param service the service that uses this library */
  constructor(engines: Pick<Engines, 'bus' | 'log'>, peers: Peers, service: string, copies: ChartCopies | null = null) {
    this.#engines = engines;
    this.#peers = peers;
    this.#service = service;
    this.#copies = copies;
  }

  /** Why the charts may be out of date; null when they are not. */
  get problem(): string | null {
    return this.#failure === null ? null : `Chart definitions are those last known. ${this.#failure.error.message}`;
  }

  /**
   * Returns the current charts, or the last known ones while the charts service does not answer. @throws AppError unavailable when none are
   * known
   */
  async current(): Promise<LibraryCharts> {
    if (this.#failure !== null && performance.now() < this.#failure.retryAt) return this.#lastKnown(this.#failure.error);
    try {
      return await this.#read(AbortSignal.timeout(timeoutMs));
    } catch (cause) {
      const error = cause instanceof AppError ? cause : new AppError('internal', 'The chart definitions cannot be read.', { cause });
      if (this.#failure === null)
        this.#engines.log.warn({ err: error }, 'the chart definitions cannot be read; the last known ones are used');
      this.#failure = { error, retryAt: performance.now() + retryMs };
      return this.#lastKnown(error);
    }
  }

  /** Returns the current charts. @throws AppError unavailable when the charts service does not answer */
  fresh(): Promise<LibraryCharts> {
    return this.#read();
  }

  /**
   * Returns a version of a chart, which may be an earlier one. @throws AppError not_found; unavailable when the charts service does not
   * answer
   */
  async at(code: string, version: number): Promise<ChartDefinition> {
    if (this.#failure !== null && performance.now() < this.#failure.retryAt) throw this.#failure.error;
    const { charts } = this.#peers.as(serviceCaller(this.#service));
    return (await charts.version({ params: { code, version } }, { signal: AbortSignal.timeout(timeoutMs) })).body;
  }

  async #read(signal?: AbortSignal): Promise<LibraryCharts> {
    const newest = await this.#engines.bus.lastId();
    for (;;) {
      if (this.#charts !== null && !(await this.#isOutdated(newest))) return this.#charts;
      const underWay = this.#reading;
      if (underWay === null) break;
      if (signal !== undefined && underWay.newest === newest) return underWay.charts;
      // It may have started before a change that this caller knows of, or have a shorter time limit than this caller.
      await underWay.charts.catch(() => null);
    }
    const charts = this.#ask(newest, signal).finally(() => {
      this.#reading = null;
    });
    this.#reading = { newest, charts };
    return charts;
  }

  async #isOutdated(newest: string): Promise<boolean> {
    if (newest === this.#position) return false;
    if (this.#position === null) return true;
    const events = await this.#engines.bus.replay(this.#position, maxEvents);
    if (events === null || events.length === maxEvents || events.some(({ type }) => type === 'chart.changed')) return true;
    this.#position = newest;
    return false;
  }

  async #ask(newest: string, signal?: AbortSignal): Promise<LibraryCharts> {
    const { items } = await this.#peers.as(serviceCaller(this.#service)).charts.list({}, signal && { signal });
    const before = this.#position === null ? null : this.#charts;
    const known = ({ code, version }: LibraryChart) => (before?.get(code)?.version === version ? before.get(code) : undefined);
    const charts = new Map(
      items.map((item) => [item.code, known(item) ?? { ...chartDefinition.parse(bodyOf(item)), version: item.version }]),
    );
    // The charts are still known until this process ends.
    await this.#copies
      ?.replace([...charts.values()])
      .catch((error: unknown) => this.#engines.log.warn({ err: error }, 'the copy of the chart definitions could not be stored'));
    this.#charts = charts;
    this.#position = newest;
    this.#failure = null;
    return charts;
  }

  async #lastKnown(error: AppError): Promise<LibraryCharts> {
    const copies = this.#charts === null ? await this.#copies?.read() : null;
    if (copies) this.#charts = new Map(copies.map((chart) => [chart.code, chart]));
    if (this.#charts === null) throw error;
    return this.#charts;
  }
}
