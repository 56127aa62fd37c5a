/** A part of the series file whose bytes are not what was written. The rest stays readable. */
export interface Damage {
  /** Which series and hour, or which write: for a person to read. */
  what: string;
  reason: string;
}

/** More would tell a reader nothing new. */
const mostKept = 1_000;

/** What was found damaged since the file was opened. */
export class DamageLog {
  readonly #found = new Map<string, Damage>();

  get all(): Damage[] {
    return [...this.#found.values()];
  }

  add(what: string, error: unknown): void {
    if (this.#found.has(what) || this.#found.size >= mostKept) return;
    this.#found.set(what, { what, reason: error instanceof Error ? error.message : String(error) });
  }
}
