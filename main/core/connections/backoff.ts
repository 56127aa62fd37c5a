export interface Backoff {
  baseMs: number;
  capMs: number;
}

/**
 * Returns the wait before an attempt (numbered from 0), ms: random up to an exponentially growing limit, so that consoles that lost a
 * backend together do not reconnect together.
 */
export function fullJitter(attempt: number, { baseMs, capMs }: Backoff, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30)));
}
