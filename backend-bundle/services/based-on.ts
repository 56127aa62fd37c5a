import { AppError } from '#common/contract/errors.ts';
import { same } from '#common/versions/shape.ts';

/**
 * Returns a resource with its new content, or the same object when nothing changes, as with a repeat whose first reply was lost.
 * @param version the version that the change is based on
 * @throws AppError version_conflict
 */
export function basedOn<P extends { version: number; by: string }>(version: number, before: P, given: Partial<P>): P {
  const after = { ...before, ...given };
  if (same(after, before)) return before;
  if (before.version === version) return after;
  throw versionConflict(before, version);
}

export function versionConflict({ version: newest, by }: { version: number; by: string }, version: number): AppError {
  return new AppError(
    'version_conflict',
    `${by} changed this in the meantime: it has version ${newest}, and you changed version ${version}.`,
    {
      field: 'version',
      hint: 'Look at the current version, then make your change again.',
    },
  );
}
