import { type CommitResult, commitEvaluations } from './commit.store.ts';
import type { RuleEvaluation } from './evaluate-series.ts';

/** Maximum number of rules whose evaluations are stored in one transaction: more would hold the database's only writer for too long. */
const maxRules = 200;

interface Waiting {
  evaluation: RuleEvaluation;
  done(result: CommitResult): void;
}

/** Stores evaluations in batches: those that arrive while one batch is stored form the next. */
export class CommitQueue {
  readonly #engines: Parameters<typeof commitEvaluations>[0];
  readonly #waiting: Waiting[] = [];
  #isStoring = false;

  constructor(engines: Parameters<typeof commitEvaluations>[0]) {
    this.#engines = engines;
  }

  /** Never rejects: an error is the result of the rule that it concerns. */
  commit(evaluation: RuleEvaluation): Promise<CommitResult> {
    const { promise, resolve: done } = Promise.withResolvers<CommitResult>();
    this.#waiting.push({ evaluation, done });
    if (!this.#isStoring) void this.#store();
    return promise;
  }

  async #store(): Promise<void> {
    this.#isStoring = true;
    // Evaluations of the same chart are added one after the other before anything is awaited.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxRules);
      const results = await commitEvaluations(
        this.#engines,
        batch.map(({ evaluation }) => evaluation),
      );
      for (const [i, { done }] of batch.entries()) done(results[i] ?? { stored: false });
    }
    this.#isStoring = false;
  }
}
