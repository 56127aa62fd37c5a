import { measureSame } from '#common/charts/measured.ts';
import type { ChartDefinition } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { evaluationError } from '#common/words/reasons.ts';
import type { Engines } from '../../engines/port.ts';
import type { ChartLibrary, LibraryChart, LibraryCharts } from '../chart-library.ts';

/** A rule has no chart to evaluate, and why. */
export class Failed {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

/** The chart that a rule evaluates, with its version. */
export interface EvaluatedChart extends LibraryChart {
  /** The chart's newest version, if it measures something else and the rule's owner hasn't accepted it; otherwise null. */
  waiting: number | null;
}

/** An earlier version of a chart that rules evaluate. */
export interface PinnedChart {
  code: string;
  version: number;
  definition: ChartDefinition;
}

/** Stores the earlier versions that rules evaluate, for when the charts service does not answer, also after a restart. */
export interface PinnedCopies {
  read(): Promise<PinnedChart[]>;
  add(charts: readonly PinnedChart[]): Promise<void>;
}

/** An earlier version, and whether rules measure the same on another one. */
interface Known {
  definition: ChartDefinition;
  isStored: boolean;
  compared: { version: number; isSame: boolean } | null;
}

export type PinnedRule = Pick<RuleInput, 'chartCode' | 'chartVersion'>;
export type ChartOfRule = (rule: PinnedRule) => EvaluatedChart | Failed;

/**
 * Finds the chart of each rule: the newest version while rules measure the same on it as on the one that they are pinned to, otherwise
 * that one. A version never changes, so it is read from the charts service once.
 */
export class RuleCharts {
  readonly #library: ChartLibrary;
  readonly #log: Engines['log'];
  readonly #copies: PinnedCopies | null;
  /** Versions that rules are pinned to, by `code version`. */
  readonly #known = new Map<string, Known>();
  #isRead = false;

  constructor(library: ChartLibrary, log: Engines['log'], copies: PinnedCopies | null = null) {
    this.#library = library;
    this.#log = log;
    this.#copies = copies;
  }

  /** Never throws: each rule gets its chart, or why it has none. */
  async of(rules: readonly PinnedRule[]): Promise<ChartOfRule> {
    try {
      const charts = await this.#library.current();
      const failures = await this.#read(rules, charts);
      const found = new Map<string, EvaluatedChart | Failed>();
      return (rule) => {
        const key = keyOf(rule.chartCode, rule.chartVersion);
        const chart = found.get(key) ?? this.#chartOf(rule, charts, failures);
        found.set(key, chart);
        return chart;
      };
    } catch (error) {
      const failed = new Failed(error);
      return () => failed;
    }
  }

  /** Makes the pinned versions known that are needed now. @returns why some can't be read, by `code version` */
  async #read(rules: readonly PinnedRule[], charts: LibraryCharts): Promise<Map<string, Failed>> {
    const needed = new Map<string, Omit<PinnedChart, 'definition'>>();
    for (const { chartCode: code, chartVersion: version } of rules) {
      const newest = charts.get(code);
      if (version === undefined || newest === undefined) continue;
      const key = keyOf(code, version);
      // Also the newest is remembered: once it is replaced, it is needed even if the charts service stops to answer.
      if (version === newest.version) this.#remember(key, newest);
      else if (this.#known.get(key)?.isStored !== true) needed.set(key, { code, version });
    }
    const failures = new Map<string, Failed>();
    if (needed.size === 0) return failures;
    await this.#readCopies();
    await Promise.all(
      [...needed].map(async ([key, pin]) => {
        const error = await this.#ask(key, pin);
        if (error !== null) failures.set(key, error);
      }),
    );
    await this.#store([...needed].flatMap(([key, pin]) => this.#unstored(key, pin)));
    return failures;
  }

  #remember(key: string, chart: LibraryChart): void {
    if (this.#known.has(key)) return;
    const { version: _, ...definition } = chart;
    this.#known.set(key, { definition, isStored: false, compared: null });
  }

  async #readCopies(): Promise<void> {
    if (this.#isRead || this.#copies === null) return;
    for (const { code, version, definition } of await this.#copies.read())
      this.#known.set(keyOf(code, version), { definition, isStored: true, compared: null });
    this.#isRead = true;
  }

  async #ask(key: string, { code, version }: Omit<PinnedChart, 'definition'>): Promise<Failed | null> {
    if (this.#known.has(key)) return null;
    try {
      this.#remember(key, { ...(await this.#library.at(code, version)), version });
      return null;
    } catch (error) {
      const isGone = error instanceof AppError && error.code === 'not_found';
      return new Failed(isGone ? versionMissing(code, version) : error);
    }
  }

  #unstored(key: string, pin: Omit<PinnedChart, 'definition'>): PinnedChart[] {
    const known = this.#known.get(key);
    return known === undefined || known.isStored ? [] : [{ ...pin, definition: known.definition }];
  }

  /** A failure is logged: the versions are still known until this process ends. */
  async #store(charts: readonly PinnedChart[]): Promise<void> {
    try {
      if (charts.length > 0) await this.#copies?.add(charts);
    } catch (error) {
      this.#log.warn({ err: error }, 'the copy of pinned chart versions could not be stored');
    }
    for (const { code, version } of charts) {
      const known = this.#known.get(keyOf(code, version));
      if (known !== undefined) known.isStored = true;
    }
  }

  #chartOf({ chartCode, chartVersion }: PinnedRule, charts: LibraryCharts, failures: ReadonlyMap<string, Failed>): EvaluatedChart | Failed {
    const newest = charts.get(chartCode);
    if (newest === undefined) return new Failed(evaluationError('not_found', 'chart_missing', { chart: chartCode }));
    if (chartVersion === undefined || chartVersion === newest.version) return { ...newest, waiting: null };
    const key = keyOf(chartCode, chartVersion);
    const pinned = this.#known.get(key);
    if (pinned === undefined) return failures.get(key) ?? new Failed(versionMissing(chartCode, chartVersion));
    if (pinned.compared?.version !== newest.version)
      pinned.compared = { version: newest.version, isSame: measureSame(pinned.definition, newest) };
    if (pinned.compared.isSame) return { ...newest, waiting: null };
    return { ...pinned.definition, version: chartVersion, waiting: newest.version > chartVersion ? newest.version : null };
  }
}

const keyOf = (code: string, version: number | undefined): string => `${code} ${version}`;
const versionMissing = (chart: string, version: number) => evaluationError('not_found', 'chart_version_missing', { chart, version });
