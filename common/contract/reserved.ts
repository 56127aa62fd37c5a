import { allEndpoints } from './api.ts';

/**
 * Codes that nothing below `path` may have, since another address of the contract is spelt like theirs: `usage` for charts, because of
 * `GET /api/v1/charts/usage`.
 */
export function reservedCodes(path: string): Set<string> {
  const below = allEndpoints().flatMap(({ endpoint }) =>
    endpoint.path.startsWith(`${path}/`) ? [endpoint.path.slice(path.length + 1).split('/', 1)[0] ?? ''] : [],
  );
  return new Set(below.filter((word) => !word.startsWith(':')));
}
