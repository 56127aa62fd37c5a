import type { LivePayload } from '#common/contract/events.ts';

interface RunTally {
  loader: string;
  kind: string;
  runs: number;
  durationMs: number;
  rows: number;
  rejected: number;
  failures: number;
}
interface RoundTally {
  rounds: number;
  rules: number;
  durationMs: number;
}

/** Sums up what was announced since the last call of `take`, with one entry per loader. */
export class Tallies {
  #runs = new Map<string, RunTally>();
  #rounds: RoundTally = { rounds: 0, rules: 0, durationMs: 0 };

  run({ loaderCode: loader, lastRun }: LivePayload<'loader.progress'>): void {
    const { kind, durationMs, rowsLoaded, rowsRejected, error } = lastRun;
    const key = `${loader} ${kind}`;
    const tally = this.#runs.get(key) ?? { loader, kind, runs: 0, durationMs: 0, rows: 0, rejected: 0, failures: 0 };
    tally.runs += 1;
    tally.durationMs += durationMs;
    tally.rows += rowsLoaded;
    tally.rejected += rowsRejected;
    tally.failures += error === null ? 0 : 1;
    this.#runs.set(key, tally);
  }

  round({ rules, durationMs }: LivePayload<'rules.evaluated'>): void {
    this.#rounds.rounds += 1;
    this.#rounds.rules += rules;
    this.#rounds.durationMs += durationMs;
  }

  take(): { runs: RunTally[]; rounds: RoundTally } {
    const taken = { runs: [...this.#runs.values()], rounds: this.#rounds };
    this.#runs = new Map();
    this.#rounds = { rounds: 0, rules: 0, durationMs: 0 };
    return taken;
  }
}
