export interface Backoff {
  baseMs: number;
  capMs: number;
}

/**
 * The wait before try number `attempt` (from 0), ms: anything up to an exponentially growing limit, so that many consoles that lost
 * a backend together do not come back together.
 */
export function fullJitter(attempt: number, { baseMs, capMs }: Backoff, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30)));
}
