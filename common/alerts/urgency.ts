import { type Severity, severities } from '../contract/primitives.ts';

/** Returns the urgency of a severity: 0 for none, greater for worse. */
export const urgencyOf = (severity: Severity | null | undefined): number => (severity ? 1 + severities.indexOf(severity) : 0);
