import { type Severity, severities } from '#common/contract/primitives.ts';

/** The severity that a line is named after: counts of alerts by severity are. */
export const severityNamed = (name: string): Severity | undefined => severities.find((one) => one === name);

/** Lines that are all named after severities, the most urgent first; any others as they are. */
export function sortByUrgency<L extends { name: string }>(lines: readonly L[]): readonly L[] {
  const rank = ({ name }: L): number => (severities as readonly string[]).indexOf(name);
  return lines.every((line) => rank(line) >= 0) ? lines.toSorted((a, b) => rank(b) - rank(a)) : lines;
}
