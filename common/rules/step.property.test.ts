import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bridgedIntervals, type Progress, step, type Timing, tick, type Verdict } from './step.ts';

const everyMs = 1_000;
const start = 1_700_000_000_000;
const bridgedMs = bridgedIntervals * everyMs;

const timings: fc.Arbitrary<Timing> = fc.record({
  forMs: fc.constantFrom(0, 1_000, 2_500, 6_000),
  keepFiringForMs: fc.constantFrom(0, 2_000, 5_000),
  suppressMs: fc.constantFrom(0, 8_000),
  evaluateEveryMs: fc.constant(everyMs),
  severity: fc.constant('WARNING' as const),
});
const verdict = fc.record({
  bad: fc.constantFrom(true, true, false, null),
  severity: fc.constantFrom(null, 'WARNING' as const, 'CRITICAL' as const),
});
/** Waits between evaluations: on time, late, repeated, out of order, after an outage, with a clock that was set back. */
const wait = fc.oneof(
  { weight: 12, arbitrary: fc.constant(everyMs) },
  { weight: 3, arbitrary: fc.constantFrom(1_300, 2_000, 3_000) },
  { weight: 2, arbitrary: fc.constantFrom(0, -700, 3_001, 20_000, -30_000) },
);
/** `restart`: the process ended after storing; the next evaluation begins from what was stored. */
const rounds = fc.array(fc.record({ wait, verdict, restart: fc.boolean() }), { minLength: 1, maxLength: 50 });
type Round = { at: number; bad: boolean | null; severity: Verdict['severity'] };

interface Told {
  kind: string;
  at: number;
}

/**
 * The slow oracle keeps every evaluation and recounts from the first at each step, from the rules as they are written in words: held for a
 * duration means the same result at every evaluation, without a gap of more than three intervals; what counts for neither is left out.
 */
function oracle(rule: Timing, history: readonly Round[]): Told[] {
  const told: Told[] = [];
  let firing: { at: number; suppressed: boolean } | null = null;
  let announcedAt: number | null = null;
  history.forEach(({ at, bad }, i) => {
    if (announcedAt !== null) announcedAt = Math.min(announcedAt, at);
    const isQuiet = announcedAt !== null && at - announcedAt < rule.suppressMs;
    const heldMs = bad === null ? 0 : at - heldSince(history.slice(0, i + 1), bad);
    if (firing === null && bad === true && heldMs >= rule.forMs) {
      firing = { at, suppressed: isQuiet };
      if (!isQuiet) announcedAt = at;
      told.push({ kind: isQuiet ? 'fired quietly' : 'fired', at });
    } else if (firing !== null && bad === false && heldMs >= rule.keepFiringForMs) {
      told.push({ kind: 'resolved', at: Math.max(at, firing.at) });
      firing = null;
    } else if (firing?.suppressed && !isQuiet) {
      firing = { ...firing, suppressed: false };
      announcedAt = at;
      told.push({ kind: 'unsuppressed', at });
    }
  });
  return told;
}

/** Returns since when the result has been `bad`, going back from the last evaluation. */
function heldSince(history: readonly Round[], bad: boolean): number {
  const counted = history.filter((round) => round.bad !== null);
  let since = counted.at(-1)?.at ?? 0;
  for (let i = counted.length - 2; i >= 0; i--) {
    const { at, bad: before } = counted[i] as Round;
    if (before !== bad || at > since || since - at > bridgedMs) break;
    since = at;
  }
  return since;
}

it('fires, resolves and announces exactly as a recount of the whole history says, wherever processes restart', () => {
  fc.assert(
    fc.property(timings, rounds, (rule, all) => {
      const accepted: Round[] = [];
      const told: Told[] = [];
      let progress: Progress | null = null;
      let now = start;
      for (const { wait: waited, verdict: found, restart } of all) {
        now += waited;
        if (restart && progress !== null) progress = JSON.parse(JSON.stringify(progress)) as Progress;
        const time = tick(rule, progress, now);
        // A repeated or late evaluation changes nothing.
        if (progress !== null && time.isLate) continue;
        const next = step(rule, { ...found, cause: 'condition', blind: null }, progress, progress?.streak ?? null, time);
        progress = next.progress;
        accepted.push({ at: time.at, ...found });
        for (const event of next.events)
          told.push({ kind: event.kind === 'fired' && event.suppressed ? 'fired quietly' : event.kind, at: event.at });
      }
      expect(told).toEqual(oracle(rule, accepted));
    }),
    { numRuns: 3_000 },
  );
});

it('keeps the most urgent severity that was called for last, and never below the rule’s while data is missing', () => {
  fc.assert(
    fc.property(rounds, (all) => {
      const rule: Timing = { forMs: 0, keepFiringForMs: 5_000, suppressMs: 0, evaluateEveryMs: everyMs, severity: 'WARNING' };
      let progress: Progress | null = null;
      let last: Verdict['severity'] = null;
      all.forEach(({ verdict: found }, i) => {
        const next = step(
          rule,
          { ...found, cause: 'condition', blind: null },
          progress,
          progress?.streak ?? null,
          tick(rule, progress, start + i * everyMs),
        );
        const wasFiring: boolean = progress?.firing != null;
        progress = next.progress;
        if (progress.firing === null) last = null;
        else {
          if (found.bad === true) last = found.severity ?? (wasFiring ? last : null);
          expect(progress.firing.severity).toBe(last ?? 'WARNING');
        }
      });
    }),
  );
});
