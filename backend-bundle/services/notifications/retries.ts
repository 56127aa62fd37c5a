import { minuteMs } from '#common/time/durations.ts';

/** Maximum number of tries to send an e-mail. */
export const maxAttempts = 3;
/** Longest wait after the first try, ms. It doubles with each further one. */
const firstWaitMs = minuteMs;

/**
 * Returns when an e-mail is tried again, epoch ms; null after the last try. Full jitter: any time up to the longest wait, so that mails
 * which failed together don't all come back together.
 * @param attempts how often it has been tried
 * @param random a number from 0 to below 1
 */
export function nextTryAt(now: number, attempts: number, random: () => number): number | null {
  return attempts >= maxAttempts ? null : now + Math.floor(random() * firstWaitMs * 2 ** (attempts - 1));
}
