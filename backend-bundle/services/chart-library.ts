import { type ChartDefinition, chartDefinition } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import { bodyOf } from '#common/versions/shape.ts';
import type { Engines } from '../engines/port.ts';
import { type Peers, serviceCaller } from './peers.ts';

/** A read that can do with the last known charts waits this long for newer ones, ms. */
const timeoutMs = 1_000;
/** After a failed read the next one is tried no sooner than this, ms. */
const retryMs = 2_000;
/** Events looked through for changes of charts; after more of them the charts are read again in any case. */
const maxEvents = 500;

export type ChartDefinitions = ReadonlyMap<string, ChartDefinition>;

/** Where a copy of the charts outlives the process. */
export interface ChartCopies {
  /** @returns null when there is no copy yet */
  read(): Promise<ChartDefinition[] | null>;
  replace(charts: readonly ChartDefinition[]): Promise<void>;
}

/**
 * The chart definitions as another service needs them: asked of the charts service, and asked again only after an event of the bus
 * says that one was changed. So an answer is never older than the last change that was committed before the question, unless the
 * charts service does not answer.
 */
export class ChartLibrary {
  readonly #engines: Pick<Engines, 'bus' | 'log'>;
  readonly #peers: Peers;
  readonly #service: string;
  readonly #copies: ChartCopies | null;
  #charts: ChartDefinitions | null = null;
  /** The version of each chart in memory. */
  #versions = new Map<string, number>();
  /** Newest event that the charts in memory take into account; null while they are a copy of an unknown age. */
  #position: string | null = null;
  /** The read under way, and the newest event that had happened when it began. */
  #reading: { newest: string; charts: Promise<ChartDefinitions> } | null = null;
  #failure: { error: AppError; retryAt: number } | null = null;

  /** @param service whose library it is */
  constructor(engines: Pick<Engines, 'bus' | 'log'>, peers: Peers, service: string, copies: ChartCopies | null = null) {
    this.#engines = engines;
    this.#peers = peers;
    this.#service = service;
    this.#copies = copies;
  }

  /** Why the charts may be older than they should be; null when they are not. */
  get problem(): string | null {
    return this.#failure === null ? null : `Chart definitions are those last known. ${this.#failure.error.message}`;
  }

  /** The charts as they are, or as they last were while the charts service does not answer. @throws AppError unavailable when they never were known */
  async current(): Promise<ChartDefinitions> {
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

  /** The charts as they are. @throws AppError unavailable when the charts service does not answer */
  fresh(): Promise<ChartDefinitions> {
    return this.#read();
  }

  async #read(signal?: AbortSignal): Promise<ChartDefinitions> {
    const newest = await this.#engines.bus.lastId();
    for (;;) {
      if (this.#charts !== null && !(await this.#isOutdated(newest))) return this.#charts;
      const underWay = this.#reading;
      if (underWay === null) break;
      if (signal !== undefined && underWay.newest === newest) return underWay.charts;
      // It may have begun before the change that this caller knows of, or end after less patience than this caller has.
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

  async #ask(newest: string, signal?: AbortSignal): Promise<ChartDefinitions> {
    const { items } = await this.#peers.as(serviceCaller(this.#service)).charts.list({}, signal && { signal });
    const before = this.#position === null ? null : this.#charts;
    const versions = new Map(items.map(({ code, version }) => [code, version]));
    const known = (code: string) => (versions.get(code) === this.#versions.get(code) ? before?.get(code) : undefined);
    const charts = new Map(items.map((item) => [item.code, known(item.code) ?? chartDefinition.parse(bodyOf(item))]));
    // The charts are known all the same, for as long as this process runs.
    await this.#copies
      ?.replace([...charts.values()])
      .catch((error: unknown) => this.#engines.log.warn({ err: error }, 'the copy of the chart definitions could not be stored'));
    this.#charts = charts;
    this.#versions = versions;
    this.#position = newest;
    this.#failure = null;
    return charts;
  }

  async #lastKnown(error: AppError): Promise<ChartDefinitions> {
    const copies = this.#charts === null ? await this.#copies?.read() : null;
    if (copies) this.#charts = new Map(copies.map((chart) => [chart.code, chart]));
    if (this.#charts === null) throw error;
    return this.#charts;
  }
}
