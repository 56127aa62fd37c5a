import { contractVersion, oldestContract, productVersion } from '#common/contract/version.ts';
import { type ProblemBody, problem } from '#common/words/problems.ts';

/** Returns why console and backend are incompatible, and which of them must be updated; null when they share a contract. */
export function contractProblem(theirs: { current: number; oldest: number }, version: string): ProblemBody | null {
  if (theirs.current >= oldestContract && theirs.oldest <= contractVersion) return null;
  const params = { backend: version, console: productVersion };
  return theirs.current < oldestContract ? problem('backend_too_old', params) : problem('console_too_old', params);
}
