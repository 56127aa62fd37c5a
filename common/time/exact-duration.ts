import { dayMs, hourMs, minuteMs, secondMs, weekMs } from './durations.ts';

const unitMs: Record<string, number> = { ms: 1, s: secondMs, m: minuteMs, h: hourMs, d: dayMs, w: weekMs, y: 31_536_000_000 };

/** A length of time as Prometheus, Grafana and our own files write it: `5m`, `1h30m`. */
export const durationPattern = /^(\d+(ms|[smhdwy]))+$/;

/** Converts `5m` or `1h30m` to ms; null when it is not a duration. */
export function durationOf(text: string): number | null {
  // Longer than any real duration: the sum must stay finite.
  if (text.length > 40 || !durationPattern.test(text)) return null;
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0);
}

/** Writes a duration exactly, in days and smaller units: 90,000 ms is `1m30s`. @param ms a whole number from 0 */
export const printDuration = (ms: number): string => printIn(['d', 'h', 'm', 's', 'ms'], ms);
/** Writes a duration exactly, as Prometheus does: 14 days are `2w`. */
export const printDurationInWeeks = (ms: number): string => printIn(['w', 'd', 'h', 'm', 's', 'ms'], ms);

function printIn(units: readonly string[], ms: number): string {
  let rest = ms;
  const parts = units.flatMap((unit) => {
    const count = Math.floor(rest / (unitMs[unit] ?? 1));
    rest -= count * (unitMs[unit] ?? 1);
    return count === 0 ? [] : [`${count}${unit}`];
  });
  return parts.join('') || '0s';
}
