import { z } from 'zod';
import { endpoint, type Role } from './endpoint.ts';
import { code, epochMs, numberInText } from './primitives.ts';

/** The fields that every versioned definition has in addition to its own. */
export const recordFields = {
  /** Increases by one with every change; a change must contain the version it started from. */
  version: z.number().int().min(1),
  createdAt: epochMs,
  createdBy: z.string(),
  updatedAt: epochMs,
  updatedBy: z.string(),
};

/** One entry of a history, newest first in lists. */
export const versionEntry = z.object({
  version: z.number().int(),
  at: epochMs,
  by: z.string(),
  /** The action: `created`, `changed`, `merged`, `rolled back to 3`, `imported`. */
  note: z.string(),
});
export type VersionEntry = z.infer<typeof versionEntry>;

const onVersion = z.object({ code, version: numberInText(z.number().int().min(1)) });

/** Returns the three endpoints of a definition's history: list, read one version, restore one. */
export function historyOf<B extends z.ZodType, R extends z.ZodType, const P extends string, const A extends Role>({
  path,
  role,
  what,
  body,
  reply,
}: {
  path: P;
  /** Role required to restore a version. */
  role: A;
  what: string;
  /** The definition without its record. */
  body: B;
  /** The chart or dashboard after restoring. */
  reply: R;
}) {
  return {
    versions: endpoint({
      method: 'GET',
      path: `${path}/:code/versions`,
      role: 'VIEWER',
      summary: `List the versions of a ${what}, newest first.`,
      params: z.object({ code }),
      reply: z.object({ items: z.array(versionEntry) }),
      errors: ['not_found'],
    }),
    version: endpoint({
      method: 'GET',
      path: `${path}/:code/versions/:version`,
      role: 'VIEWER',
      summary: `Get one version of a ${what}.`,
      params: onVersion,
      reply: z.object({ entry: versionEntry, body }),
      errors: ['not_found'],
    }),
    rollback: endpoint({
      method: 'POST',
      path: `${path}/:code/versions/:version/rollback`,
      role,
      summary: `Restore an earlier version of a ${what} as its newest. The versions in between are kept.`,
      params: onVersion,
      body: z.strictObject({ version: z.number().int().describe('The version that was read.') }),
      reply,
      errors: ['not_found', 'version_conflict'],
    }),
  };
}
