/** A part of the series file whose bytes are not what was written. The rest stays readable. */
export interface Damage {
  /** Which series and hour, or which write: for a person to read. */
  what: string;
  reason: string;
}

/** Points that are missing or may be. */
export interface DamagedInterval {
  /** 0 for all series. */
  series: number;
  /** Half-open, epoch ms. */
  from: number;
  to: number;
}

/** More would tell a reader nothing new. */
const maxKept = 1_000;

/** What was found damaged since the file was opened, or could not be saved when it was. */
export class DamageLog {
  readonly #found = new Map<string, Damage>();
  readonly #intervals: DamagedInterval[] = [];
  #aside: string | null = null;

  /** Name of the damaged file that was set aside when this one was made of it; null when there is none. */
  get aside(): string | null {
    return this.#aside;
  }

  setAside(name: string, reason: string): void {
    this.#aside = name;
    this.add(`the series file, which was set aside as ${name}`, new Error(reason));
  }

  get all(): Damage[] {
    return [...this.#found.values()];
  }

  /** @param interval which points that means, where it is known */
  add(what: string, error: unknown, interval?: DamagedInterval): void {
    if (this.#found.has(what)) return;
    if (interval) this.#intervals.push(interval);
    if (this.#found.size >= maxKept) return;
    this.#found.set(what, { what, reason: error instanceof Error ? error.message : String(error) });
  }

  /** The damaged intervals of a series, or of all for 0, that touch [from, to), ms. */
  within(series: number, from: number, to: number): DamagedInterval[] {
    return this.#intervals.filter((one) => one.series === series && one.from < to && one.to > from);
  }

  /** Forgets the damage that lies in [from, to) of a series: its points were deleted. */
  forget(series: number, from: number, to: number): void {
    const left = this.#intervals.filter((one) => one.series !== series || one.from < from || one.to > to);
    this.#intervals.splice(0, Infinity, ...left);
  }
}
