import type { StoredRule } from './rules.store.ts';

/** Maximum time that an evaluation starts early, ms: a little early is better than a whole pause late. */
const maxEarlyMs = 100;

type Scheduled = Pick<StoredRule, 'code' | 'evaluateEveryMs' | 'evaluatedAt'>;

/**
 * Returns when a rule is due, epoch ms: at once before its first evaluation, otherwise when its next interval begins. The intervals of a
 * rule begin at a time that follows from its code, so rules with the same interval are spread over it, also after a start.
 */
export function dueAt({ code, evaluateEveryMs: everyMs, evaluatedAt }: Scheduled, now: number): number {
  // If the last evaluation is in the future, the clock was set back; waiting until then would leave the rule unevaluated.
  if (evaluatedAt === null || evaluatedAt - now > everyMs) return now;
  const offsetMs = hash(code) % everyMs;
  const interval = Math.floor((evaluatedAt + earlyMs(everyMs) - offsetMs) / everyMs);
  return (interval + 1) * everyMs + offsetMs;
}

/** How much earlier than it is due an evaluation may start, ms. */
export const earlyMs = (everyMs: number): number => Math.min(everyMs / 20, maxEarlyMs);

/** FNV-1a: spreads codes that differ in one digit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
