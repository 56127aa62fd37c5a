import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '#common/format.ts';
import type { Engines } from '../../engines/port.ts';
import { adoptAlerts } from './adopt.store.ts';
import { ParsedStates, type StoredState, statesByRule } from './alerting.store.ts';
import { CommitQueue } from './commit-queue.ts';
import { evaluateSeries, type RuleEvaluation } from './evaluate-series.ts';
import type { LoaderDelays } from './loader-delays.ts';
import { groupRules, type RuleGroup, RuleReader } from './read-rule.ts';
import { Failed, type RuleCharts } from './rule-charts.ts';
import { RuleLeases } from './rule-leases.ts';
import { findRule, listRules, type RuleVersions, type StoredRule } from './rules.store.ts';
import { dueAt, earlyMs } from './schedule.ts';
import { SharedReads } from './shared-reads.ts';
import { withinMs } from './within.ts';

/** No evaluation is started later than this in a round, ms; the remaining rules come first in the next round. */
const roundBudgetMs = 5_000;
/** Charts that are read at the same time. */
const parallelism = 8;
/** A chart that takes longer than this to read no longer keeps others from being read, and the next round no longer waits for it, ms. */
const slowMs = 1_000;
/**
 * Pause between two rounds, ms. The minimum lets rules that are due close together share a round; the maximum exists because another
 * process may have changed a rule.
 */
const pauseMs = { min: 200, max: 1_000 };
/** Minimum pause, in multiples of the time that it takes to find out which rules are due: with thousands of rules that is work. */
const pauseFactor = 10;

export interface Round {
  /** Rules whose evaluation was stored by this process. */
  evaluated: string[];
  durationMs: number;
}

/**
 * Evaluates each rule once per interval. A rule is due by its time of last evaluation in the database, which all replicas share, and
 * belongs to one of them at a time by a lease. Evaluations missed while no process ran are not made up for; a rule whose evaluation is
 * still running is skipped, never queued. Rules of the same chart share what they read, and evaluations are stored in batches.
 */
export class Evaluator {
  readonly #engines: Engines<'alerting'>;
  readonly #charts: RuleCharts;
  readonly #versions: RuleVersions;
  readonly #delays: LoaderDelays;
  readonly #reader = new RuleReader();
  readonly #leases: RuleLeases;
  readonly #states = new ParsedStates();
  readonly #commits: CommitQueue;
  /** Rules that a round has taken, until their evaluation has ended. */
  readonly #taken = new Map<string, PromiseWithResolvers<void>>();
  /** Groups that are being read: a round does not read one of them a second time. */
  readonly #reading = new Set<string>();
  /** Rules that this process skips until a time, ms, because another process holds them or storing them failed. */
  readonly #notBefore = new Map<string, number>();
  /** Rounds that have not ended, because a chart is slow. */
  readonly #rounds = new Set<Promise<unknown>>();
  #loop: Promise<void> | null = null;
  #stopping = new AbortController();
  #shortestMs = 30_000;
  #nextDueAt = 0;
  #findingMs = 0;
  #startedAt: number;
  #lastRoundAt: number;
  #worstLag: { rule: string; ms: number } | null = null;

  constructor(engines: Engines<'alerting'>, charts: RuleCharts, versions: RuleVersions, delays: LoaderDelays) {
    this.#engines = engines;
    this.#charts = charts;
    this.#versions = versions;
    this.#delays = delays;
    this.#leases = new RuleLeases(engines.locks, engines.log);
    this.#commits = new CommitQueue({ database: engines.database, bus: engines.bus, states: this.#states });
    this.#startedAt = engines.now();
    this.#lastRoundAt = this.#startedAt;
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#startedAt = this.#engines.now();
    this.#lastRoundAt = this.#startedAt;
    this.#loop ??= this.#run();
  }

  /** Finishes running evaluations and releases the leases, so that another replica need not wait for them. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    this.#loop = null;
    await Promise.allSettled([...this.#rounds, ...[...this.#taken.values()].map(({ promise }) => promise)]);
    await this.#leases.releaseAll();
  }

  /** Returns what is wrong with evaluation, as text; null when nothing is. */
  problem(now: number): string | null {
    const silentMs = now - this.#lastRoundAt;
    if (silentMs > Math.max(3 * this.#shortestMs, 5_000)) return `No round of rule evaluation has ended for ${formatDuration(silentMs)}.`;
    if (this.#worstLag !== null) return `Rules are evaluated late: "${this.#worstLag.rule}" by ${formatDuration(this.#worstLag.ms)}.`;
    return null;
  }

  /** Evaluates every rule that is due. Never throws because of a single rule. */
  async round(): Promise<Round> {
    const { bus, log, now } = this.#engines;
    const at = now();
    const startedAt = performance.now();
    const due = await this.#due(at);
    this.#findingMs = performance.now() - startedAt;
    this.#lastRoundAt = now();
    for (const { code } of due) this.#taken.set(code, Promise.withResolvers());
    const evaluated = await this.#evaluate(due, { isRound: true }).finally(() => this.#release(due));
    const durationMs = performance.now() - startedAt;
    this.#lastRoundAt = now();
    if (evaluated.length > 0) bus.announce('rules.evaluated', { at, rules: evaluated.length, durationMs });
    if (durationMs > roundBudgetMs)
      log.warn({ durationMs, due: due.length, evaluated: evaluated.length }, 'a round of rule evaluation took too long');
    return { evaluated, durationMs };
  }

  /** Evaluates one rule at once, whatever its interval; resolves when the result is stored or the attempt has failed. */
  async evaluate(code: string): Promise<boolean> {
    await this.#taken.get(code)?.promise;
    const { database } = this.#engines;
    const rule = await findRule(database.query, this.#versions, code);
    if (!rule?.enabled) return false;
    if (this.#taken.has(code)) return this.evaluate(code);
    this.#taken.set(code, Promise.withResolvers());
    return (await this.#evaluate([rule], { isRound: false }).finally(() => this.#release([rule]))).length > 0;
  }

  #release(rules: readonly StoredRule[]): void {
    for (const { code } of rules) {
      this.#taken.get(code)?.resolve();
      this.#taken.delete(code);
    }
  }

  /** Reads the charts, states and delays of these rules. */
  async #background(rules: readonly StoredRule[]) {
    const { database } = this.#engines;
    const codes = rules.map(({ code }) => code);
    const [charts, states, delays] = await Promise.all([
      this.#charts.of(rules),
      statesByRule(database.query, database.unreadable, codes, this.#states),
      rules.some(({ delayMs }) => delayMs === undefined) ? this.#delays.current() : new Map<string, number>(),
    ]);
    await adoptAlerts(database.query, database.unreadable, codes, states);
    return { charts, states, delays };
  }

  async #run(): Promise<void> {
    const { log, now } = this.#engines;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const round = this.round()
        .catch((error: unknown) => log.error({ err: error }, 'a round of rule evaluation failed'))
        .finally(() => this.#rounds.delete(round));
      this.#rounds.add(round);
      await withinMs(round, slowMs);
      const leastMs = Math.min(pauseMs.max, Math.max(pauseMs.min, pauseFactor * this.#findingMs));
      const waitMs = Math.min(pauseMs.max, Math.max(leastMs, this.#nextDueAt - now()));
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Returns enabled rules that are due, the most overdue first. */
  async #due(at: number): Promise<StoredRule[]> {
    const rules = await listRules(this.#engines.database.query, this.#versions);
    const due: { rule: StoredRule; lateMs: number }[] = [];
    this.#nextDueAt = Number.POSITIVE_INFINITY;
    this.#shortestMs = Number.POSITIVE_INFINITY;
    this.#worstLag = null;
    for (const rule of rules) {
      if (!rule.enabled) continue;
      const everyMs = rule.evaluateEveryMs;
      this.#shortestMs = Math.min(this.#shortestMs, everyMs);
      const ruleDueAt = dueAt(rule, at);
      const lateMs = at - ruleDueAt;
      // Only the time that this process has been running counts as lag; before that it was an outage.
      const lagMs = Math.min(lateMs, at - this.#startedAt);
      if (lagMs > 3 * everyMs && lagMs > (this.#worstLag?.ms ?? 0)) this.#worstLag = { rule: rule.code, ms: lagMs };
      // Neither can be more than one interval ahead, unless the clock was set back.
      const startAt = Math.min(Math.max(ruleDueAt, this.#notBefore.get(rule.code) ?? 0), at + Math.max(everyMs, pauseMs.max));
      const begins = startAt - earlyMs(everyMs) <= at;
      if (begins && !this.#taken.has(rule.code)) due.push({ rule, lateMs });
      this.#nextDueAt = Math.min(this.#nextDueAt, begins ? at + everyMs : startAt);
    }
    if (!Number.isFinite(this.#shortestMs)) this.#shortestMs = 30_000;
    const present = new Set(rules.map((rule) => rule.code));
    for (const code of this.#notBefore.keys()) if (!present.has(code)) this.#notBefore.delete(code);
    this.#leases.keepOnly(present);
    this.#states.keepOnly(present);
    return due.sort((a, b) => b.lateMs - a.lateMs).map(({ rule }) => rule);
  }

  /**
   * Evaluates rules, one chart after the other. A slow chart only delays its own rules.
   * @param isRound stops to begin evaluations after a time, and skips charts that are being read
   * @returns the codes of the rules whose evaluation was stored
   */
  async #evaluate(rules: readonly StoredRule[], { isRound }: { isRound: boolean }): Promise<string[]> {
    if (rules.length === 0) return [];
    const startedAt = performance.now();
    const held = await this.#hold(rules);
    if (held.length === 0) return [];
    const { charts, states, delays } = await this.#background(held);
    const groups = groupRules(held, charts, delays);
    const queue = groups.values();
    const begun: Promise<string[]>[] = [];
    const evaluateNext = async () => {
      for (const group of queue) {
        if (isRound && (performance.now() - startedAt > roundBudgetMs || this.#reading.has(group.key))) continue;
        this.#reading.add(group.key);
        const work = this.#evaluateGroup(group, states).finally(() => this.#reading.delete(group.key));
        begun.push(work.finally(() => this.#release(group.rules)));
        // Its error is for those who wait for it to the end.
        await withinMs(
          work.catch(() => undefined),
          slowMs,
        );
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallelism, groups.length) }, evaluateNext));
    return (await Promise.all(begun)).flat();
  }

  /** Returns the rules that this process may evaluate. */
  async #hold(rules: readonly StoredRule[]): Promise<StoredRule[]> {
    const mine = await this.#leases.hold(rules);
    for (const { code, evaluateEveryMs } of rules)
      if (!mine.has(code)) this.#notBefore.set(code, this.#engines.now() + Math.min(evaluateEveryMs, pauseMs.max));
    return rules.filter(({ code }) => mine.has(code));
  }

  /** @returns the codes of the rules whose evaluation was stored */
  async #evaluateGroup(group: RuleGroup, states: Map<string, StoredState[]>): Promise<string[]> {
    const { log, now, signals } = this.#engines;
    const at = now();
    const reads = new SharedReads(signals);
    const stored: Promise<string | null>[] = [];
    for (const rule of group.rules) {
      const startedAt = performance.now();
      const input = await this.#reader.read(group, rule, reads, at);
      const before = states.get(rule.code) ?? [];
      // Logged when the error starts, not at every evaluation.
      if (!input.ok && !before.some(({ record }) => record.state === 'ERROR'))
        log.warn({ err: input.error, rule: rule.code }, 'a rule cannot be evaluated');
      const chart = group.chart instanceof Failed ? null : group.chart;
      const series = evaluateSeries(rule, input, before, at);
      stored.push(this.#commit({ rule, chart, series, at, durationMs: performance.now() - startedAt }));
    }
    return (await Promise.all(stored)).filter((code) => code !== null);
  }

  /** @returns the code of the rule; null if its evaluation was not stored */
  async #commit(evaluation: RuleEvaluation): Promise<string | null> {
    const { code, evaluateEveryMs } = evaluation.rule;
    const result = await this.#commits.commit(evaluation);
    if (!('error' in result)) return result.stored ? code : null;
    this.#notBefore.set(code, this.#engines.now() + evaluateEveryMs);
    this.#engines.log.error({ err: result.error, rule: code }, 'an evaluation could not be stored');
    return null;
  }
}
