import { type Severity, severities } from '../contract/primitives.ts';

/** How urgent a severity is: 0 for none, more for worse. */
export const urgencyOf = (severity: Severity | null | undefined): number => (severity ? 1 + severities.indexOf(severity) : 0);
