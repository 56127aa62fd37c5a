import { uuidv7 } from 'uuidv7';
import { AppError } from '#common/contract/errors.ts';
import type { LoaderRun } from '#common/contract/loaders.ts';
import { Lease } from '../../engines/locks/port.ts';
import type { Engines } from '../../engines/port.ts';
import type { StoredEvents } from '../stored-events.ts';
import { openSecret, type SourceConnections } from './connections.ts';
import { getLoader, type LoaderRow, type LoadProgress, saveRun } from './loaders.store.ts';
import { type MappedRows, mapRows } from './rows.ts';
import type { Turns } from './turns.ts';
import { Wake } from './wake.ts';
import { backoffMs, HistoryWalk, historyProgress, liveWindow, maxBytes, maxRows, narrower, nextWidth, type Window } from './windows.ts';

const queryTimeoutMs = 30_000;
/** How long after a process has died another one continues its loaders, ms. */
const leaseMs = 15_000;
/** Maximum sleep of an idle loop, ms. */
const idleMs = 60_000;

export interface RunnerParts {
  engines: Engines<'loaders'>;
  connections: SourceConnections;
  stored: StoredEvents;
  /** Loaders take turns to load history, so that live runs wait for at most one window of it. */
  turns: Turns;
}

type Outcome = { mapped: MappedRows; rowsRead: number } | { error: AppError };

/** Runs one loader: live data at its interval and history in between, one run at a time. */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #lease: Lease;
  readonly #wake = new Wake();
  readonly #stopping = new AbortController();
  readonly #waiting: { resolve: (run: LoaderRun) => void; reject: (error: AppError) => void }[] = [];
  #row: LoaderRow;
  #walk: HistoryWalk | null = null;
  #liveAt = 0;
  #liveWidthMs = Number.POSITIVE_INFINITY;
  #historyAt = 0;
  #historyFailures = 0;
  #loop: Promise<void> | null = null;

  constructor(parts: RunnerParts, row: LoaderRow) {
    this.#parts = parts;
    this.#row = row;
    const { locks, log } = parts.engines;
    this.#lease = new Lease(locks, `loader/${row.code}`, { ttlMs: leaseMs, renews: true, log });
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.now();
    await this.#loop;
  }

  /** Applies a changed definition. A running load is finished, and discarded if it no longer matches. */
  accept(row: LoaderRow): void {
    const redefined = row.version !== this.#row.version;
    if (!redefined && row.paused === this.#row.paused) return;
    this.#row = redefined ? row : { ...this.#row, paused: row.paused };
    if (redefined) this.#forget();
    this.#liveAt = 0;
    this.#wake.now();
  }

  /** Runs once after the current run, even when paused. @throws AppError unavailable when another process holds the loader */
  runNow(): Promise<LoaderRun> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#wake.now();
    });
  }

  #forget(): void {
    this.#walk = null;
    this.#liveWidthMs = Number.POSITIVE_INFINITY;
    this.#historyAt = 0;
    this.#historyFailures = 0;
  }

  async #run(): Promise<void> {
    const { engines } = this.#parts;
    while (!this.#stopping.signal.aborted) {
      let pauseMs: number;
      try {
        pauseMs = await this.#step();
      } catch (error) {
        // Only our own database can cause this: a source's failure is a result of the run.
        engines.log.error({ err: error, loader: this.#row.code }, 'a loader’s run could not be stored; it is tried again');
        this.#refuse(new AppError('unavailable', 'The run could not be stored.', { hint: 'Try again; see the health of the backend.' }));
        pauseMs = 1_000 + 4_000 * Math.random();
      }
      if (!this.#stopping.signal.aborted) await this.#wake.sleep(Math.min(pauseMs, idleMs));
    }
    this.#refuse(new AppError('unavailable', 'The backend is stopping.', { hint: 'Try again when it is back.' }));
    await this.#lease.release();
  }

  /** Runs what is due. @returns how long until something is due again, ms */
  async #step(): Promise<number> {
    const taken = await this.#lease.hold();
    if (taken === 'elsewhere') {
      this.#refuse(
        new AppError('unavailable', `Another backend process runs loader "${this.#row.code}".`, {
          hint: 'It runs automatically at its interval.',
        }),
      );
      return this.#lease.retryMs;
    }
    if (taken === 'gained') {
      // Another process may have made progress in the meantime.
      const row = await getLoader(this.#parts.engines.database.query, this.#row.code).catch((error) => {
        if (error instanceof AppError && error.code === 'not_found') return undefined;
        throw error;
      });
      if (row === undefined) return idleMs;
      this.#row = row;
      this.#forget();
    }
    const paused = this.#row.paused === 1;
    if (this.#waiting.length > 0 || (!paused && performance.now() >= this.#liveAt)) {
      await this.#live();
      return 0;
    }
    if (paused) return idleMs;
    const now = performance.now();
    const historyAt = this.#historyDue();
    if (historyAt > now) return Math.min(this.#liveAt, historyAt) - now;
    await this.#history();
    return 0;
  }

  /** Loads live data up to now, in several runs if there is too much for one. */
  async #live(): Promise<void> {
    const { engines } = this.#parts;
    const startedAt = performance.now();
    const waiting = this.#waiting.splice(0);
    const row = this.#row;
    let run: LoaderRun | null = null;
    try {
      const whole = liveWindow(row.loaded_to, engines.now(), row.interval_ms, row.overlap_ms);
      for (let { from } = whole; from < whole.to && !this.#stopping.signal.aborted; ) {
        const window = { from, to: Math.min(whole.to, Math.ceil(from + this.#liveWidthMs)) };
        const begun = { at: engines.now(), clock: performance.now() };
        const outcome = await this.#load(row, window);
        if (outcome === 'too-large') {
          this.#liveWidthMs = narrower(window.to - window.from) ?? 1;
          continue;
        }
        if (this.#stopping.signal.aborted) return;
        run = this.#describe('live', row, window, begun, outcome);
        const failed = 'error' in outcome;
        const progress = progressOf(this.#row);
        progress.consecutive_failures = failed ? progress.consecutive_failures + 1 : 0;
        if (!failed) this.#advance(progress, row, window);
        // A shorter window may be answered in time.
        if (failed && outcome.error.code === 'timeout') this.#liveWidthMs = narrower(window.to - window.from) ?? this.#liveWidthMs;
        const turned = failed !== this.#row.consecutive_failures > 0;
        if (!(await this.#save(row, run, progress, turned)) || failed) break;
        this.#liveWidthMs = window.to < whole.to ? nextWidth(window.to - window.from, run.rowsRead, run.durationMs) : this.#liveWidthMs * 2;
        from = window.to;
      }
    } finally {
      if (run === null) {
        for (const { reject } of waiting) {
          reject(new AppError('unavailable', `Loader "${row.code}" could not run now.`, { hint: 'Try again in a moment.' }));
        }
      } else for (const { resolve } of waiting) resolve(run);
      this.#plan(startedAt);
    }
  }

  /** Marks `window` as loaded, and, after the first success, where history starts. */
  #advance(progress: LoadProgress, row: LoaderRow, window: Window): void {
    progress.loaded_to = Math.max(window.to, progress.loaded_to ?? 0);
    if (progress.history_to !== null) return;
    progress.history_to = window.from;
    progress.history_from = Math.min(window.from, Math.max(0, this.#parts.engines.now() - row.history_ms));
  }

  /** Schedules the next live run at the interval; after a failure it waits longer. */
  #plan(startedAt: number): void {
    const { interval_ms: interval, consecutive_failures: failures } = this.#row;
    const now = performance.now();
    if (failures > 0) {
      this.#liveAt = now + backoffMs(failures, interval, Math.random());
      return;
    }
    const beat = this.#liveAt > 0 && startedAt - this.#liveAt < interval ? this.#liveAt : startedAt;
    this.#liveAt = Math.max(beat + interval, now);
  }

  /** Returns when to load more history, by the monotonic clock; Infinity when there is none to load, or while live runs fail. */
  #historyDue(): number {
    const { history_from: from, history_to: to, consecutive_failures: failures, interval_ms: interval } = this.#row;
    if (from === null || to === null || to <= from || failures > 0) return Number.POSITIVE_INFINITY;
    this.#walk ??= new HistoryWalk(from, to, interval);
    const wait = this.#walk.notBefore - this.#parts.engines.now();
    return Math.max(this.#historyAt, wait > 0 ? performance.now() + wait : 0);
  }

  async #history(): Promise<void> {
    const { engines, turns } = this.#parts;
    const walk = this.#walk;
    const window = walk?.next();
    const row = this.#row;
    if (walk == null || window == null) return;
    const done = await turns.take(this.#stopping.signal);
    if (done === null) return;
    try {
      const begun = { at: engines.now(), clock: performance.now() };
      const outcome = await this.#load(row, window);
      if (this.#stopping.signal.aborted) return;
      if (outcome === 'too-large' && walk.tooLarge(window)) return;
      const result = outcome === 'too-large' ? { error: tooDense(row.code) } : outcome;
      const run = this.#describe('history', row, window, begun, result);
      const progress = progressOf(this.#row);
      if ('error' in result) {
        this.#historyFailures++;
        walk.tooLarge(window);
        this.#historyAt = performance.now() + backoffMs(this.#historyFailures, row.interval_ms, Math.random());
      } else {
        this.#historyFailures = 0;
        walk.loaded(window, run.rowsRead, result.mapped.oldest, run.durationMs, engines.now());
        progress.history_to = walk.loadedFrom;
        // Pauses between two windows, so that history does not slow down the rest of the process.
        this.#historyAt = performance.now() + run.durationMs / 4;
      }
      // A run that found no rows is not worth an entry in the run history, unless it is the last.
      if ('error' in result || run.rowsRead > 0 || walk.done) await this.#save(row, run, progress, walk.done);
    } finally {
      done();
    }
  }

  /** Reads one window and stores its signals. */
  async #load(row: LoaderRow, window: Window): Promise<Outcome | 'too-large'> {
    const { engines, connections, stored } = this.#parts;
    try {
      const connection = await connections.to(row.source_code);
      const rows = await connection.query({
        sql: openSecret(engines.vault, row.sql_sealed, `The SQL of loader "${row.code}"`),
        ...window,
        timeZone: row.time_zone,
        timeoutMs: queryTimeoutMs,
        maxRows,
        maxBytes,
        past: 'refuse',
        signal: this.#stopping.signal,
      });
      const mapped = mapRows(rows, { timeZone: row.time_zone, now: engines.now() });
      if (mapped.oldest !== null && mapped.newest !== null) {
        await engines.signals.appendSignals(row.code, mapped.signals);
        stored.signals(row.code, { from: mapped.oldest, to: mapped.newest + 1 });
      }
      return { mapped, rowsRead: rows.rows.length };
    } catch (error) {
      if (error instanceof AppError && error.code === 'query_too_large' && window.to - window.from > 1_000) return 'too-large';
      if (error instanceof AppError) return { error };
      if (!this.#stopping.signal.aborted) engines.log.error({ err: error, loader: row.code }, 'a loader’s run failed');
      return {
        error: new AppError('internal', `Loader "${row.code}" failed for a reason that is in the backend’s log.`, { cause: error }),
      };
    }
  }

  #describe(kind: LoaderRun['kind'], row: LoaderRow, window: Window, begun: { at: number; clock: number }, outcome: Outcome): LoaderRun {
    const failure = 'error' in outcome ? outcome.error : null;
    const mapped = 'mapped' in outcome ? outcome.mapped : null;
    return {
      id: uuidv7(),
      loaderCode: row.code,
      kind,
      startedAt: begun.at,
      durationMs: Math.round(performance.now() - begun.clock),
      ...window,
      rowsRead: 'rowsRead' in outcome ? outcome.rowsRead : 0,
      rowsLoaded: mapped?.signals.t.length ?? 0,
      rowsRejected: mapped?.rejected ?? 0,
      rowsReplaced: mapped?.replaced ?? 0,
      rounded: mapped?.rounded ?? {},
      ...(mapped?.rejectReason == null ? {} : { rejectReason: mapped.rejectReason }),
      error:
        failure === null
          ? null
          : { code: failure.code, message: failure.message, ...(failure.hint === undefined ? {} : { hint: failure.hint }) },
    };
  }

  async #save(row: LoaderRow, run: LoaderRun, progress: LoadProgress, announce: boolean): Promise<boolean> {
    const { engines } = this.#parts;
    const saved = await saveRun(engines, row, run, progress, announce);
    if (!saved || this.#row.version !== row.version) return false;
    this.#row = { ...this.#row, ...progress };
    engines.bus.announce('loader.progress', {
      loaderCode: row.code,
      historyProgress: historyProgress(row.history_ms, progress.history_from, progress.history_to),
      loadedTo: progress.loaded_to,
      lastRun: run,
    });
    return true;
  }

  #refuse(error: AppError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

function progressOf({ loaded_to, history_from, history_to, consecutive_failures }: LoaderRow): LoadProgress {
  return { loaded_to, history_from, history_to, consecutive_failures };
}

function tooDense(code: string): AppError {
  return new AppError(
    'query_too_large',
    `Loader "${code}" finds more than ${maxRows} rows or ${maxBytes / 1_048_576} MB within one second.`,
    {
      hint: 'Aggregate in the SQL: record_count, min, max, avg, sum by time and segment.',
    },
  );
}
