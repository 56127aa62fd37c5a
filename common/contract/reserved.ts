import { allEndpoints } from './api.ts';

/**
 * Returns the codes that are not allowed below `path`, because another path of the contract has the same form: `usage` for charts, because
 * of `GET /api/v1/charts/usage`.
 */
export function reservedCodes(path: string): Set<string> {
  const below = allEndpoints().flatMap(({ endpoint }) =>
    endpoint.path.startsWith(`${path}/`) ? [endpoint.path.slice(path.length + 1).split('/', 1)[0] ?? ''] : [],
  );
  return new Set(below.filter((word) => !word.startsWith(':')));
}
