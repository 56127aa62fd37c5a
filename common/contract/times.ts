import { dayMs, hourMs } from '../time/durations.ts';
import { AppError } from './errors.ts';

/** The unit of a time since 1970-01-01T00:00:00Z in a field. */
export type EpochUnit = 'seconds' | 'milliseconds';

/** Times at or after this are refused everywhere, epoch ms: the year 3883, the end of what the chunk store can address. */
export const endOfTimeMs = 2 ** 24 * hourMs;
/** Earliest time of a point, epoch ms: 3 March 1973. Epoch seconds read as milliseconds always lie before it. */
export const earliestPointMs = 100_000_000_000;
/** How far ahead of the backend's clock a point may be, ms. */
export const maxAheadMs = dayMs;

const msOf = { seconds: 1_000, milliseconds: 1, microseconds: 1e-3, nanoseconds: 1e-6 } as const;
type AnyUnit = keyof typeof msOf;

/** Plausible years for a time that may have been sent in the wrong unit. */
const believable = { from: Date.UTC(1990, 0), to: Date.UTC(2100, 0) };

/**
 * Recognises a time that was sent in the wrong unit.
 * @returns what is wrong, as text that follows the field's name, and the intended value; null when the value may be right
 */
export function findUnitMistake(value: number, takes: EpochUnit): { problem: string; meant: number } | null {
  const asTaken = value * msOf[takes];
  if (asTaken >= earliestPointMs && asTaken < endOfTimeMs) return null;
  for (const unit of Object.keys(msOf) as AnyUnit[]) {
    const ms = value * msOf[unit];
    if (unit === takes || ms < believable.from || ms >= believable.to) continue;
    const factor = msOf[takes] / msOf[unit];
    const fix = factor > 1 ? `divide by ${Math.round(factor)}` : `multiply by ${Math.round(1 / factor)}`;
    return { problem: `is in ${unit}; this field takes epoch ${takes}: ${fix}`, meant: Math.floor(ms / msOf[takes]) };
  }
  return null;
}

/** Returns why a time is not allowed for a point, and what to do; null when it is. Wrong units are found by the contract before. */
export function findPointTimeProblem(t: number, now: number): { problem: string; hint: string } | null {
  if (t < earliestPointMs) {
    return {
      problem: `is ${formatMoment(t)}, before 3 March 1973`,
      hint: 'Send the time of the measurement; earlier points are not kept.',
    };
  }
  if (t > now + maxAheadMs) {
    return {
      problem: `is ${formatMoment(t)}, more than a day ahead of this backend’s clock (${formatMoment(now)})`,
      hint: 'Check the clock and the time zone of the sender, and the clock of the backend.',
    };
  }
  return null;
}

/** @param field path of the time in the request. @throws AppError validation_failed for a time that no point may have */
export function checkPointTime(t: number, now: number, field: () => string): void {
  const wrong = findPointTimeProblem(t, now);
  if (wrong === null) return;
  throw new AppError('validation_failed', `${field()} ${wrong.problem}.`, { field: field(), hint: wrong.hint });
}

function formatMoment(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
