import { setTimeout as sleep } from 'node:timers/promises';
import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { ChartDefinition } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import { formatDuration } from '#common/format.ts';
import { evaluationError } from '#common/words/reasons.ts';
import { Lease } from '../../engines/locks/port.ts';
import type { Engines } from '../../engines/port.ts';
import type { ChartDefinitions, ChartLibrary } from '../chart-library.ts';
import { adoptAlerts } from './adopt.store.ts';
import { type StoredState, statesByRule } from './alerting.store.ts';
import { commitEvaluation } from './commit.store.ts';
import { type EvaluationInput, evaluateSeries } from './evaluate-series.ts';
import { measureSeries, ReferenceCache } from './read-series.ts';
import { findRule, listRules, type RuleVersions, type StoredRule } from './rules.store.ts';
import { damageWithin } from './window-damage.ts';

/** No evaluation is started later than this in a round, ms; the remaining rules come first in the next round. */
const roundBudgetMs = 5_000;
/** Maximum lease of one evaluation, ms. */
const maxLeaseMs = 12_000;
/** Rules evaluated at the same time. */
const parallelism = 8;
/**
 * Pause between two rounds, ms. The minimum lets rules that are due close together share a round; the maximum exists because another
 * process may have changed a rule.
 */
const pauseMs = { min: 200, max: 1_000 };

export interface Round {
  /** Rules whose evaluation was stored by this process. */
  evaluated: string[];
  durationMs: number;
}

/** The charts could not be read, and why. */
class Failed {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

/**
 * Evaluates each rule at its interval. A rule is due by its time of last evaluation in the database, which all replicas share, and belongs
 * to one of them at a time by a lease. Evaluations missed while no process ran are not made up for; a rule whose evaluation is still
 * running is skipped, never queued.
 */
export class Evaluator {
  readonly #engines: Engines<'alerting'>;
  readonly #library: ChartLibrary;
  readonly #versions: RuleVersions;
  readonly #running = new Map<string, Promise<boolean>>();
  /** Queries that did not stop with their evaluation: until one ends, its rule is not queried again. */
  readonly #stuck = new Set<string>();
  /** Rules that this process skips until a time, ms, because another process holds them or storing them failed. */
  readonly #notBefore = new Map<string, number>();
  readonly #leases = new Map<string, Lease>();
  readonly #references = new ReferenceCache();
  #loop: Promise<void> | null = null;
  #stopping = new AbortController();
  #shortestMs = 30_000;
  #nextDueAt = 0;
  #startedAt: number;
  #lastRoundAt: number;
  #worstLag: { rule: string; ms: number } | null = null;

  constructor(engines: Engines<'alerting'>, library: ChartLibrary, versions: RuleVersions) {
    this.#engines = engines;
    this.#library = library;
    this.#versions = versions;
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
    await Promise.allSettled(this.#running.values());
    for (const lease of this.#leases.values()) await lease.release();
    this.#leases.clear();
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
    const evaluated: string[] = [];
    if (due.length > 0) {
      const codes = due.map((rule) => rule.code);
      const { charts, states } = await this.#background(codes);
      const queue = due.values();
      const evaluateNext = async () => {
        for (const rule of queue) {
          if (performance.now() - startedAt > roundBudgetMs) return;
          if (this.#running.has(rule.code)) continue;
          if (await this.#begin(rule, chartOf(charts, rule), states.get(rule.code) ?? [])) evaluated.push(rule.code);
        }
      };
      await Promise.all(Array.from({ length: parallelism }, evaluateNext));
    }
    const durationMs = performance.now() - startedAt;
    this.#lastRoundAt = now();
    if (evaluated.length > 0) bus.announce('rules.evaluated', { at, rules: evaluated.length, durationMs });
    if (durationMs > roundBudgetMs)
      log.warn({ durationMs, due: due.length, evaluated: evaluated.length }, 'a round of rule evaluation took too long');
    return { evaluated, durationMs };
  }

  /** Evaluates one rule at once, whatever its interval; resolves when the result is stored or the attempt has failed. */
  async evaluate(code: string): Promise<boolean> {
    await this.#running.get(code);
    const { database } = this.#engines;
    const rule = await findRule(database.query, this.#versions, code);
    if (!rule?.enabled) return false;
    const { charts, states } = await this.#background([code]);
    if (this.#running.has(code)) return this.evaluate(code);
    return this.#begin(rule, chartOf(charts, rule), states.get(code) ?? []);
  }

  /** Reads the charts and states of these rules. */
  async #background(codes: string[]) {
    const { database } = this.#engines;
    const [charts, states] = await Promise.all([
      this.#library.current().catch((error: unknown) => new Failed(error)),
      statesByRule(database.query, database.unreadable, codes),
    ]);
    await adoptAlerts(database.query, database.unreadable, codes, states);
    return { charts, states };
  }

  async #run(): Promise<void> {
    const { log, now } = this.#engines;
    while (!this.#stopping.signal.aborted) {
      await this.round().catch((error: unknown) => log.error({ err: error }, 'a round of rule evaluation failed'));
      const waitMs = Math.min(pauseMs.max, Math.max(pauseMs.min, this.#nextDueAt - now()));
      await sleep(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
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
      // If the last evaluation is in the future, the clock was set back; waiting until then would leave the rule unevaluated.
      const ahead = rule.evaluatedAt !== null && rule.evaluatedAt - at > everyMs;
      const dueAt = rule.evaluatedAt === null || ahead ? at : rule.evaluatedAt + everyMs;
      const lateMs = at - dueAt;
      // Only the time that this process has been running counts as lag; before that it was an outage.
      const lagMs = Math.min(lateMs, at - this.#startedAt);
      if (lagMs > 3 * everyMs && lagMs > (this.#worstLag?.ms ?? 0)) this.#worstLag = { rule: rule.code, ms: lagMs };
      // Neither can be more than one interval ahead, unless the clock was set back.
      const startAt = Math.min(Math.max(dueAt, this.#notBefore.get(rule.code) ?? 0), at + Math.max(everyMs, pauseMs.max));
      // Starting a little early is better than a whole pause late.
      const begins = startAt - Math.min(everyMs / 20, pauseMs.min / 2) <= at;
      if (begins && !this.#running.has(rule.code)) due.push({ rule, lateMs });
      this.#nextDueAt = Math.min(this.#nextDueAt, begins ? at + everyMs : startAt);
    }
    if (!Number.isFinite(this.#shortestMs)) this.#shortestMs = 30_000;
    const present = new Set(rules.map((rule) => rule.code));
    for (const code of this.#notBefore.keys()) if (!present.has(code)) this.#notBefore.delete(code);
    for (const code of this.#leases.keys()) if (!present.has(code)) this.#leases.delete(code);
    return due.sort((a, b) => b.lateMs - a.lateMs).map(({ rule }) => rule);
  }

  #begin(rule: StoredRule, chart: ChartDefinition | Failed, states: StoredState[]): Promise<boolean> {
    const { log, now } = this.#engines;
    const work = this.#evaluate(rule, chart, states).catch((error: unknown) => {
      this.#notBefore.set(rule.code, now() + rule.evaluateEveryMs);
      log.error({ err: error, rule: rule.code }, 'an evaluation could not be stored');
      return false;
    });
    this.#running.set(rule.code, work);
    return work.finally(() => this.#running.delete(rule.code));
  }

  async #evaluate(rule: StoredRule, chart: ChartDefinition | Failed, states: StoredState[]): Promise<boolean> {
    const { now } = this.#engines;
    // Covers the longest evaluation, and ends before the gap that `evaluate` bridges, so that after a crash another process continues with
    // the timers running.
    const held = await this.#leaseOf(rule).hold(Math.min(2 * rule.evaluateEveryMs, queryLimitMs(rule) + 2_000));
    if (held === 'elsewhere') {
      this.#notBefore.set(rule.code, now() + Math.min(rule.evaluateEveryMs, pauseMs.max));
      return false;
    }
    const at = now();
    const input = await this.#readInput(rule, chart, at);
    // Logged when the error starts, not at every evaluation.
    if (!input.ok && !states.some(({ record }) => record.state === 'ERROR'))
      this.#engines.log.warn({ err: input.error, rule: rule.code }, 'a rule cannot be evaluated');
    return commitEvaluation(this.#engines, rule, chart instanceof Failed ? null : chart, evaluateSeries(rule, input, states, at), at);
  }

  #leaseOf({ code }: StoredRule): Lease {
    const known = this.#leases.get(code);
    if (known !== undefined) return known;
    const { locks, log } = this.#engines;
    const lease = new Lease(locks, `rule:${code}`, { ttlMs: maxLeaseMs, renews: false, log });
    this.#leases.set(code, lease);
    return lease;
  }

  async #readInput(rule: StoredRule, chart: ChartDefinition | Failed, at: number): Promise<EvaluationInput> {
    if (chart instanceof Failed) return { ok: false, error: chart.reason };
    try {
      // A rule has no dashboard to set variables, so the chart's variables have their default values.
      const selector = bindSelector(chart.selector, resolveValues(chart.variables));
      const end = at - (rule.delayMs ?? 0);
      const limitMs = queryLimitMs(rule);
      const series = await this.#withinLimit(rule.code, limitMs, (signal) =>
        measureSeries(this.#engines.signals, this.#references, rule, selector, end, signal),
      );
      const range = { selector, from: Math.max(0, end - Math.max(...rule.conditions.map(({ windowMs }) => windowMs))), to: end };
      return { ok: true, chart, series, damage: await damageWithin(this.#engines.signals, range, series) };
    } catch (error) {
      return { ok: false, error };
    }
  }

  /** Cancels reading that takes too long. If the store does not stop it, no further reading for this rule is started. */
  async #withinLimit<T>(code: string, limitMs: number, read: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#stuck.has(code)) throw evaluationError('timeout', 'query_unanswered', {});
    this.#stuck.add(code);
    const cancelled = new AbortController();
    const answer = read(cancelled.signal).finally(() => this.#stuck.delete(code));
    const done = new AbortController();
    const late = sleep(limitMs, null, { signal: done.signal }).catch(() => null);
    const first = await Promise.race([answer, late]).finally(() => done.abort());
    if (first === null) {
      answer.catch(() => undefined);
      cancelled.abort(new AppError('timeout', 'The evaluation has given up on this query.'));
      throw evaluationError('timeout', 'store_silent', { limitMs });
    }
    return first;
  }
}

/** Returns the chart that a rule evaluates, or why there is none. */
function chartOf(charts: ChartDefinitions | Failed, { chartCode }: StoredRule): ChartDefinition | Failed {
  if (charts instanceof Failed) return charts;
  return charts.get(chartCode) ?? new Failed(evaluationError('not_found', 'chart_missing', { chart: chartCode }));
}

/** Time limit of a rule's query, ms. */
function queryLimitMs(rule: StoredRule): number {
  return Math.min(10_000, Math.max(2_000, rule.evaluateEveryMs));
}
