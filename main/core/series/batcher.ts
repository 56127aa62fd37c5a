import { decodeSeries } from '#common/arrow/decode.ts';
import { type SeriesRow, SeriesStreamError } from '#common/arrow/rows.ts';
import type { SeriesQuery } from '#common/contract/charts.ts';
import { RetryLaterError, UnreachableError } from '#common/contract/client.ts';
import type { Problem } from '#common/contract/console/connections.ts';
import type { SeriesLine } from '#common/contract/console/series.ts';
import type { Interval } from '#common/time/intervals.ts';
import type { BackendConnection } from '../connections/connection.ts';

/** Queries within this time are sent in one call, ms: a screen of charts sends them all at once. */
const batchDelayMs = 50;
const maxQueriesPerCall = 100;
/** After this many calls in a minute, further calls are spread out; the backend allows a person 100. */
const maxFastCallsPerMinute = 45;
const slowBatchDelayMs = 2_000;

/** A part of an answer: `series` contains everything in its range. */
export interface SeriesPart {
  range: { from: number; to: number };
  series: SeriesLine[];
  points: number;
  /** Server time up to which it is complete, ms. */
  asOf: number;
  /** Intervals for which points are or may be missing, because the store was damaged. */
  damaged: Interval[];
}

/** Receives one answer. */
export interface AnswerReceiver {
  /** Processes a part; the next one is read when it resolves. */
  part(part: SeriesPart): Promise<void>;
  /** Called after the last part, or when there will be none. */
  end(): void;
}

/** A caller that waits for an answer, perhaps with others. */
export interface AnswerCaller {
  /** Cancels. */
  signal: AbortSignal;
  /** Called after a part has been stored. */
  arrived?(part: SeriesPart): void;
}

/** Reads the answer of one query for all of its callers. */
class Question {
  readonly query: SeriesQuery;
  readonly receiver: AnswerReceiver;
  readonly callers = new Set<AnswerCaller>();
  readonly answer = Promise.withResolvers<Problem | null>();
  lines: SeriesLine[] = [];
  over = false;
  call: AbortController | null = null;

  constructor(query: SeriesQuery, receiver: AnswerReceiver) {
    this.query = query;
    this.receiver = receiver;
    // Even if nobody is waiting any more.
    this.answer.promise.catch(() => undefined);
  }

  finish(end: (answer: PromiseWithResolvers<Problem | null>) => void): void {
    if (this.over) return;
    this.over = true;
    this.lines = [];
    this.receiver.end();
    end(this.answer);
  }
}

/**
 * Queries series from one backend: many queries in one call, few calls a minute, and none while the backend has asked to wait. Answers arrive
 * and are stored part by part, so what has arrived before a call fails isn't requested again.
 */
export class Batcher {
  readonly #connection: BackendConnection;
  readonly #now: () => number;
  #waiting: Question[] = [];
  readonly #running = new Map<string, Question>();
  #timer: NodeJS.Timeout | undefined;
  #calls: number[] = [];
  #rateLimit: { until: number; error: RetryLaterError } | null = null;

  constructor(connection: BackendConnection, now: () => number) {
    this.#connection = connection;
    this.#now = now;
  }

  /**
   * Equal queries that run at the same time share one answer; reading ends when all callers have cancelled.
   * @param begin is called if no equal query is running
   * @returns the problem, or null. @throws AppError, UnreachableError as the call did, and the signal's reason
   */
  ask(query: SeriesQuery, begin: () => AnswerReceiver, caller: AnswerCaller): Promise<Problem | null> {
    if (caller.signal.aborted) return Promise.reject(caller.signal.reason);
    const key = JSON.stringify(query);
    let question = this.#running.get(key);
    if (question === undefined || question.over) {
      if (this.#rateLimit !== null && this.#now() < this.#rateLimit.until) return Promise.reject(this.#rateLimit.error);
      const fresh = new Question(query, begin());
      question = fresh;
      this.#running.set(key, fresh);
      const forget = () => {
        if (this.#running.get(key) === fresh) this.#running.delete(key);
      };
      fresh.answer.promise.then(forget, forget);
      this.#waiting.push(fresh);
      this.#timer ??= setTimeout(() => void this.#send(), this.#wait());
    }
    return this.#join(question, caller);
  }

  async #join(question: Question, caller: AnswerCaller): Promise<Problem | null> {
    question.callers.add(caller);
    const left = Promise.withResolvers<never>();
    const leave = () => {
      left.reject(caller.signal.reason);
      question.callers.delete(caller);
      if (question.callers.size === 0) this.#giveUp(question, caller.signal.reason);
    };
    caller.signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([question.answer.promise, left.promise]);
    } finally {
      caller.signal.removeEventListener('abort', leave);
    }
  }

  #giveUp(question: Question, reason: unknown): void {
    this.#waiting = this.#waiting.filter((one) => one !== question);
    question.finish(({ reject }) => reject(reason));
    question.call?.abort(reason);
  }

  #wait(): number {
    const now = this.#now();
    this.#calls = this.#calls.filter((at) => at > now - 60_000);
    return this.#calls.length < maxFastCallsPerMinute ? batchDelayMs : slowBatchDelayMs;
  }

  async #send(): Promise<void> {
    this.#timer = undefined;
    const batch = this.#waiting.splice(0, maxQueriesPerCall);
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => void this.#send(), this.#wait());
    if (batch.length === 0) return;
    this.#calls.push(this.#now());
    // The call ends with the last of its queries; cancelling one doesn't affect the others.
    const ending = new AbortController();
    for (const question of batch) {
      const own = new AbortController();
      question.call = own;
      own.signal.addEventListener('abort', () => {
        if (batch.every(({ over }) => over)) ending.abort(own.signal.reason);
      });
    }
    try {
      const body = { queries: batch.map(({ query }) => query) };
      for await (const rows of decodeSeries(await this.#connection.client.charts.data.arrow({ body }, { signal: ending.signal }))) {
        for (const row of rows) await take(batch, row);
      }
      for (const question of batch) question.finish(({ reject }) => reject(new Error('The backend left a question unanswered.')));
    } catch (caught) {
      const error = caught instanceof SeriesStreamError ? new UnreachableError(caught.message, { cause: caught }) : caught;
      if (error instanceof RetryLaterError) this.#rateLimit = { until: this.#now() + error.retryAfterMs, error };
      for (const question of batch) question.finish(({ reject }) => reject(error));
    }
  }
}

async function take(batch: readonly Question[], row: SeriesRow): Promise<void> {
  const question = row.kind === 'end' ? undefined : batch[row.query];
  if (question === undefined || question.over) return;
  if (row.kind === 'points') {
    const { labels, t, v } = row;
    question.lines.push({ labels, t: t as SeriesLine['t'], v: v as SeriesLine['v'] });
  } else if (row.kind === 'failed') {
    const { code, message, hint } = row;
    question.finish(({ resolve }) => resolve({ code: code as Problem['code'], message, ...(hint === undefined ? {} : { hint }) }));
  } else if (row.kind === 'part') {
    const { from, to, points, asOf, damaged = [] } = row;
    const part: SeriesPart = { range: { from, to }, series: question.lines, points, asOf, damaged };
    question.lines = [];
    await question.receiver.part(part);
    for (const caller of question.callers) caller.arrived?.(part);
    if (to >= question.query.to) question.finish(({ resolve }) => resolve(null));
  }
}
