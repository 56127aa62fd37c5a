import type { Logger } from 'pino';
import type { Locks } from '../../engines/locks/port.ts';
import type { StoredRule } from './rules.store.ts';

/** Maximum duration of the lease of a rule, ms. */
const maxLeaseMs = 60_000;

const nameOf = (code: string): string => `alert:eval:lock:${code}`;

/**
 * The leases of rules: one process at a time evaluates a rule. A lease lasts two intervals, so after a crash another process continues with
 * the timers running. A process that is paused for longer stores nothing, because storing compares the time of the last evaluation.
 */
export class RuleLeases {
  readonly #locks: Locks;
  readonly #log: Logger;
  readonly #held = new Set<string>();

  constructor(locks: Locks, log: Logger) {
    this.#locks = locks;
    this.#log = log;
  }

  /** Acquires or renews the leases of these rules. @returns the codes of the rules that this process may evaluate */
  async hold(rules: readonly Pick<StoredRule, 'code' | 'evaluateEveryMs'>[]): Promise<Set<string>> {
    const mine = new Set<string>();
    for (const [ttlMs, some] of Map.groupBy(rules, (rule) => Math.min(maxLeaseMs, 2 * rule.evaluateEveryMs))) {
      const names = await this.#locks.acquireMany(
        some.map(({ code }) => nameOf(code)),
        ttlMs,
      );
      for (const { code } of some) {
        if (names.has(nameOf(code))) mine.add(code);
        else this.#held.delete(code);
      }
    }
    for (const code of mine) this.#held.add(code);
    return mine;
  }

  /** Forgets rules that no longer exist. */
  keepOnly(codes: ReadonlySet<string>): void {
    for (const code of this.#held) if (!codes.has(code)) this.#held.delete(code);
  }

  /** Releases all leases, so that another process need not wait for them. A failure is only logged, because they expire anyway. */
  async releaseAll(): Promise<void> {
    const names = [...this.#held].map(nameOf);
    this.#held.clear();
    await this.#locks
      .releaseMany(names)
      .catch((error: unknown) => this.#log.warn({ err: error }, 'leases of rules were not released; they expire on their own'));
  }
}
