import type { RuleInput } from '../contract/rules.ts';

/** Who wants to change a rule. */
interface Person {
  /** User name; null if nobody is signed in. */
  name: string | null;
  role: string | null;
}

/**
 * Returns whether a person may move a rule to a newer version of its chart: its owner and administrators; everyone who may change rules if
 * it has no owner. The owner is free text, so a rule is a person's own if the text is their user name.
 */
export function mayAcceptChart({ owner }: Pick<RuleInput, 'owner'>, { name, role }: Person): boolean {
  if (role === 'ADMIN') return true;
  return role === 'OPERATOR' && (owner === '' || owner.trim().toLowerCase() === name?.toLowerCase());
}

/** Returns whether a change moves a rule to a newer version of the same chart. A rule without a version has the newest one already. */
export function acceptsChart(before: Pinned, after: Pinned): boolean {
  if (before.chartCode !== after.chartCode || before.chartVersion === undefined) return false;
  return (after.chartVersion ?? Number.POSITIVE_INFINITY) > before.chartVersion;
}
type Pinned = Pick<RuleInput, 'chartCode' | 'chartVersion'>;
