import type { AnyTx } from './port.ts';

/** Collects callbacks to run after a transaction has committed. */
export class CommitHooks {
  #hooks = new WeakMap<AnyTx, (() => void)[]>();

  begin(tx: AnyTx): void {
    this.#hooks.set(tx, []);
  }

  add(tx: AnyTx, run: () => void): void {
    const hooks = this.#hooks.get(tx);
    if (hooks === undefined) throw new Error('begin the transaction with Database.transaction, which can tell when it has committed');
    hooks.push(run);
  }

  committed(tx: AnyTx | undefined): void {
    if (tx !== undefined) for (const run of this.#hooks.get(tx) ?? []) run();
  }
}
