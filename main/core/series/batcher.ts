import type { SeriesData, SeriesQuery } from '#common/contract/charts.ts';
import { RetryLaterError } from '#common/contract/client.ts';
import type { Problem } from '#common/contract/console/connections.ts';
import type { Link } from '../connections/link.ts';

/** Questions that come within this are asked together, ms: a screen of charts asks all at once. */
const gatherMs = 50;
const mostInOneCall = 100;
/** Past so many calls in a minute they are spread out, well short of the hundred a backend allows a person. */
const hasteAbove = 45;
const slowGatherMs = 2_000;

export type Answered = { ok: true; series: SeriesData[]; asOf: number } | { ok: false; problem: Problem };

interface Question {
  query: SeriesQuery;
  resolve: (answer: Answered) => void;
  reject: (error: unknown) => void;
}

/** Asks one backend for series: many questions in one call, few calls a minute, and none while it asked for patience. */
export class Batcher {
  readonly #link: Link;
  readonly #now: () => number;
  #waiting: Question[] = [];
  readonly #running = new Map<string, Promise<Answered>>();
  #timer: NodeJS.Timeout | undefined;
  #calls: number[] = [];
  #patience: { until: number; error: RetryLaterError } | null = null;

  constructor(link: Link, now: () => number) {
    this.#link = link;
    this.#now = now;
  }

  /** Equal questions under way share one answer. @throws AppError, UnreachableError as the call did */
  ask(query: SeriesQuery): Promise<Answered> {
    const key = JSON.stringify(query);
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    if (this.#patience !== null && this.#now() < this.#patience.until) return Promise.reject(this.#patience.error);
    const answer = new Promise<Answered>((resolve, reject) => {
      this.#waiting.push({ query, resolve, reject });
    }).finally(() => this.#running.delete(key));
    this.#running.set(key, answer);
    this.#timer ??= setTimeout(() => void this.#send(), this.#wait());
    return answer;
  }

  #wait(): number {
    const now = this.#now();
    this.#calls = this.#calls.filter((at) => at > now - 60_000);
    return this.#calls.length < hasteAbove ? gatherMs : slowGatherMs;
  }

  async #send(): Promise<void> {
    this.#timer = undefined;
    const batch = this.#waiting.splice(0, mostInOneCall);
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => void this.#send(), this.#wait());
    this.#calls.push(this.#now());
    try {
      const { asOf, results } = await this.#link.client.charts.data({ body: { queries: batch.map(({ query }) => query) } });
      for (const [i, { resolve, reject }] of batch.entries()) {
        const result = results[i];
        if (result === undefined) reject(new Error('The backend left a question unanswered.'));
        else if (result.ok) resolve({ ok: true, series: result.series, asOf });
        else resolve({ ok: false, problem: problemFrom(result) });
      }
    } catch (error) {
      if (error instanceof RetryLaterError) this.#patience = { until: this.#now() + error.retryAfterMs, error };
      for (const { reject } of batch) reject(error);
    }
  }
}

function problemFrom({ code, message, hint }: { code: string; message: string; hint?: string | undefined }): Problem {
  return { code: code as Problem['code'], message, ...(hint === undefined ? {} : { hint }) };
}
