import type { Alert } from '#common/contract/alerts.ts';

/** `Belt speed low · belt-2`: the rule, and which of its series. */
export function nameOf(alert: Pick<Alert, 'ruleName' | 'labels'>): string {
  const values = Object.values(alert.labels);
  return values.length === 0 ? alert.ruleName : `${alert.ruleName} · ${values.join(' · ')}`;
}

/** `3 min`, `2 h 5 min`, `4 d 1 h`: two units at the most. */
export function lengthInWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0 s';
  let rest = seconds;
  const parts = units.slice(first, first + 2).flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [`${count} ${unit}`] : [];
  });
  return parts.join(' ');
}

/** Why it fired, in the evaluation's own words. */
export function reasonOf(alert: Alert): string {
  const holding = alert.reasons.filter(({ holds }) => holds).map(({ text }) => text);
  if (holding.length > 0) return holding.join(' ');
  if (alert.cause === 'no-data') return 'No data arrives.';
  if (alert.cause === 'error') return 'The rule cannot be evaluated.';
  return `${alert.value ?? 'no value'} ${alert.unit} ${alert.operator} ${alert.threshold} ${alert.unit}`.replaceAll(/ +/g, ' ').trim();
}
