import { contractVersion, oldestContract, productVersion } from '#common/contract/version.ts';

/** Why console and backend cannot talk, and who must be updated; null when they share a contract. */
export function contractProblem(theirs: { current: number; oldest: number }, version: string): { message: string; hint: string } | null {
  if (theirs.current >= oldestContract && theirs.oldest <= contractVersion) return null;
  const behind = theirs.current < oldestContract;
  return {
    message: `Backend ${version} and console ${productVersion} have no contract in common.`,
    hint: behind ? 'Update the backend: this console is too new for it.' : 'Update this console: the backend is too new for it.',
  };
}
