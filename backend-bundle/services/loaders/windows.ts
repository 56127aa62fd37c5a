import { hourMs } from '#common/time/durations.ts';
/** Half-open, epoch ms. */
export interface Window {
  from: number;
  to: number;
}

/** Maximum number of rows that one query returns. Limits memory, and how long live data waits for one window of history. */
export const maxRows = 20_000;
/** Maximum size of the rows that one query returns, bytes; each running loader may hold as much. */
export const maxBytes = 33_554_432;
/** Target number of rows and duration (ms) of a window. */
const aim = { rows: 10_000, durationMs: 400 };
const narrowestMs = 1_000;
const firstHistoryMs = hourMs;
/** Minimum range of a first live run, ms. */
const firstLiveMs = 60_000;
/** Number of reads after which an interval without rows counts as empty: the source may still be filling. */
const maxEmptyReads = 7;
const firstRetryMs = 1_000;
/** An empty interval at the start of history is not read again if it is at most this long, ms. */
const slackMs = 60_000;

/** Aligns a time to the interval, so that SQL that sums by the interval never gets half a bucket at the lower end of a window. */
export function alignDown(t: number, intervalMs: number): number {
  return Math.floor(t / intervalMs) * intervalMs;
}

/** Returns the window of a live run: the time since the last run, plus the overlap for late rows. */
export function liveWindow(loadedTo: number | null, now: number, intervalMs: number, overlapMs: number): Window {
  const since = loadedTo ?? now - Math.max(firstLiveMs, 2 * intervalMs);
  return { from: Math.max(0, alignDown(Math.min(since, now) - overlapMs, intervalMs)), to: now };
}

/** @returns the width of the next window, given the rows and duration of one of `widthMs` */
export function nextWidth(widthMs: number, rows: number, durationMs: number): number {
  const factor = Math.min(rows === 0 ? 4 : aim.rows / rows, aim.durationMs / Math.max(1, durationMs));
  return Math.max(narrowestMs, widthMs * Math.min(4, Math.max(0.25, factor)));
}

/** @returns half the width after a window was too large, or null when it cannot be narrower */
export function narrower(widthMs: number): number | null {
  return widthMs <= narrowestMs ? null : Math.max(narrowestMs, widthMs / 2);
}

/**
 * Time to wait after the n-th failure in a row, ms: doubles from the interval (1 to 5 s) to the interval (30 s to 5 min), and is
 * spread so that loaders of one source do not all come back at once.
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, intervalMs: number, random: number): number {
  const first = Math.min(5_000, Math.max(1_000, intervalMs));
  const maxMs = Math.min(300_000, Math.max(30_000, intervalMs));
  const full = Math.min(maxMs, first * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return full * (0.5 + 0.5 * random);
}

/** Share of the wanted history that is loaded, 0 to 1. */
export function historyProgress(historyMs: number, from: number | null, to: number | null): number {
  if (historyMs === 0) return 1;
  if (from === null || to === null) return 0;
  return Math.min(1, Math.max(0, 1 - (to - from) / historyMs));
}

/**
 * Walks back through history, newest first. Loaded history ends at the oldest row found. An interval without rows is skipped; if nothing
 * older is found, it is read again for about two minutes, because a source may itself be filling backwards.
 */
export class HistoryWalk {
  readonly #from: number;
  readonly #intervalMs: number;
  #loadedFrom: number;
  /** Everything from here to `#loadedFrom` was empty when it was read. */
  #cursor: number;
  #widthMs = firstHistoryMs;
  #emptyReads = 0;
  #notBefore = 0;

  constructor(from: number, loadedFrom: number, intervalMs: number) {
    this.#from = from;
    this.#intervalMs = intervalMs;
    this.#loadedFrom = loadedFrom;
    this.#cursor = loadedFrom;
  }

  /** Start of loaded history. It is stored, so that a restart continues from here. */
  get loadedFrom(): number {
    return this.#loadedFrom;
  }

  get done(): boolean {
    return this.#loadedFrom <= this.#from;
  }

  /** When the next window may be read, epoch ms; 0 means at once. */
  get notBefore(): number {
    return this.#notBefore;
  }

  /** Returns the next window, or null when history is loaded. */
  next(): Window | null {
    if (this.done) return null;
    const from = alignDown(this.#cursor - this.#widthMs, this.#intervalMs);
    return { from: Math.max(this.#from, Math.min(from, this.#cursor - 1)), to: this.#cursor };
  }

  /** Records a window that was read. @param oldest time of its oldest row, null when it was empty */
  loaded(window: Window, rows: number, oldest: number | null, durationMs: number, now: number): void {
    this.#widthMs = nextWidth(window.to - window.from, rows, durationMs);
    this.#notBefore = 0;
    if (rows > 0) {
      this.#emptyReads = 0;
      // If all rows of a window were rejected, there is no oldest time, and waiting would not help.
      const reached = alignDown((oldest ?? window.from) + this.#intervalMs - 1, this.#intervalMs);
      this.#loadedFrom = Math.max(window.from, Math.min(reached, window.to - this.#intervalMs));
      const bare = this.#loadedFrom - this.#from;
      if (window.from <= this.#from && bare <= Math.max(slackMs, 2 * this.#intervalMs)) this.#loadedFrom = this.#from;
      this.#cursor = this.#loadedFrom;
      return;
    }
    this.#cursor = window.from;
    if (this.#cursor > this.#from) return;
    this.#emptyReads++;
    if (this.#emptyReads >= maxEmptyReads) {
      this.#loadedFrom = this.#from;
      return;
    }
    this.#cursor = this.#loadedFrom;
    this.#notBefore = now + firstRetryMs * 2 ** (this.#emptyReads - 1);
  }

  /** Narrows the window after it had too many rows or took too long. @returns false when it cannot be narrower */
  tooLarge(window: Window): boolean {
    const width = narrower(window.to - window.from);
    if (width !== null) this.#widthMs = width;
    return width !== null;
  }
}
