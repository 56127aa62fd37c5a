/** A damaged part of the series file: its bytes are not what was written. The rest stays readable. */
export interface Damage {
  /** The series and hour, or the write, as text for people. */
  what: string;
  reason: string;
}

/** An interval for which points are missing or may be. */
export interface DamagedInterval {
  /** 0 for all series. */
  series: number;
  /** Half-open, epoch ms. */
  from: number;
  to: number;
}

/** Maximum number of damaged parts that are listed. */
const maxKept = 1_000;

/** Damage found since the file was opened, and losses from an earlier salvage. */
export class DamageLog {
  readonly #found = new Map<string, Damage>();
  readonly #intervals: DamagedInterval[] = [];
  #aside: string | null = null;

  /** Name of the damaged file from which this one was salvaged; null when there is none. */
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

  /** @param interval the points affected, if known */
  add(what: string, error: unknown, interval?: DamagedInterval): void {
    if (this.#found.has(what)) return;
    if (interval) this.#intervals.push(interval);
    if (this.#found.size >= maxKept) return;
    this.#found.set(what, { what, reason: error instanceof Error ? error.message : String(error) });
  }

  /** Returns the damaged intervals that overlap [from, to), ms, of one series, or of all series for 0. */
  within(series: number, from: number, to: number): DamagedInterval[] {
    return this.#intervals.filter((one) => one.series === series && one.from < to && one.to > from);
  }

  /** Removes the damage in [from, to) of a series after its points were deleted. */
  forget(series: number, from: number, to: number): void {
    const left = this.#intervals.filter((one) => one.series !== series || one.from < from || one.to > to);
    this.#intervals.splice(0, Infinity, ...left);
  }
}
