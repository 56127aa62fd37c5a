import type { Reason } from '../contract/rules.ts';
import { formatDuration } from '../format.ts';
import type { Interval } from '../time/intervals.ts';
import type { JudgedRule, Observation } from './record.ts';
import { damagedSentence, emptySentence, type Held, incompleteSentence, lasting, thresholdSentence } from './sentences.ts';

interface Told {
  at: number;
  /** Whether the look counts towards firing. */
  bad: boolean;
  /** How long it has been so, where that decides something. */
  held: Held | null;
  /** Length of a gap that made the counting start anew, ms; 0 when there was none. */
  gapMs: number;
}

/** The sentence, with its numbers, for what an evaluation saw. */
export function explain(rule: JudgedRule, observed: Observation, { at, bad, held, gapMs }: Told): Reason {
  const { threshold, windowMs } = rule.condition;
  const anew = gapMs > 0 ? ` Not evaluated for ${formatDuration(gapMs)}: counting starts anew.` : '';
  const alerts = bad && held !== null ? ` Counts as bad ${lasting(held)}.` : '';
  const common = { threshold, windowFrom: Math.max(0, at - windowMs), windowTo: at, holds: bad };
  const unseen = { ...common, value: null, points: 0 };
  switch (observed.kind) {
    case 'data': {
      const text = thresholdSentence(rule.condition, observed.value, rule.unit, bad, held ?? undefined);
      const incomplete = incompleteSentence(rule.condition, observed, at);
      return { kind: 'threshold', text: text + incomplete + anew, value: observed.value, points: observed.points, ...common };
    }
    case 'empty':
      return { kind: 'no-data', text: emptySentence(windowMs, observed.lastAt, at) + alerts + anew, ...unseen };
    case 'error':
      return { kind: 'error', text: `Not evaluated: ${observed.message}${alerts}${anew}`, ...unseen };
    case 'gone':
      return { kind: 'no-data', text: `${observed.why} It ends when the next evaluation finds the same.`, ...unseen };
  }
}

/** Says, beside the reason itself, that the window is not whole. Empty where it is. */
export function explainDamage({ condition }: JudgedRule, { damaged = [] }: Observation, at: number): Reason[] {
  if (damaged.length === 0) return [];
  const [windowFrom, windowTo] = [Math.max(0, at - condition.windowMs), at];
  const seen = { value: null, threshold: null, points: 0, holds: false };
  const text = damagedSentence(lengthOf(damaged), condition.windowMs);
  return [{ kind: 'no-data', text, ...seen, windowFrom, windowTo, damaged: damaged.map(({ from, to }) => ({ from, to })) }];
}

const lengthOf = (intervals: readonly Interval[]) => intervals.reduce((sum, { from, to }) => sum + to - from, 0);
