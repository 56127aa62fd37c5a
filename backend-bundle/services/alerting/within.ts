/**
 * Waits for `work`, but no longer than `timeMs`; the work goes on.
 * @returns its result, or null if it takes longer @throws its error, if it fails in time
 */
export async function withinMs<T>(work: Promise<T>, timeMs: number): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), timeMs);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
