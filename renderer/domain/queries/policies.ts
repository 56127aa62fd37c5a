import { type UseQueryResult, useQueries } from '@tanstack/react-query';
import type { Cached } from '#common/contract/console/cached.ts';
import type { Policies } from '#common/contract/policies.ts';
import { useConsole } from '../rpc/context.ts';
import { queryKeys } from './keys.ts';
import { useConnections } from './queries.ts';

type PoliciesQuery = Cached<Policies> & { connectionId: string };

/** Keeps the policies that are known; a connection whose policies were never read has none here. */
const knownOf = (results: UseQueryResult<PoliciesQuery>[]): Record<string, Policies> =>
  Object.fromEntries(
    results.flatMap(({ data }) => (data === undefined || data.asOf === null ? [] : [[data.connectionId, data.value] as const])),
  );

/** Queries what keeps alerts from notifying, by connection. */
export function usePolicies(): Record<string, Policies> {
  const { policies } = useConsole();
  const connections = useConnections().data ?? [];
  return useQueries({
    queries: connections.map(({ id: connectionId }) => ({
      queryKey: queryKeys.policies(connectionId),
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<PoliciesQuery> => ({
        ...(await policies.list({ connectionId }, signal)),
        connectionId,
      }),
    })),
    combine: knownOf,
  });
}
