import { type Severity, severities } from '#common/contract/primitives.ts';

/** Returns the severity that a line is named after, as in counts of alerts by severity. */
export const severityNamed = (name: string): Severity | undefined => severities.find((one) => one === name);

/** Sorts lines by urgency if all are named after severities; otherwise leaves them as they are. */
export function sortByUrgency<L extends { name: string }>(lines: readonly L[]): readonly L[] {
  const rank = ({ name }: L): number => (severities as readonly string[]).indexOf(name);
  return lines.every((line) => rank(line) >= 0) ? lines.toSorted((a, b) => rank(b) - rank(a)) : lines;
}
