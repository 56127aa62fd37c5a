import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { type Link, LinkContext } from '../rpc/context.ts';
import { feedQueries } from './feed.ts';

/**
 * One cache for the window. What it holds is kept fresh by events, so nothing is asked again by itself; what failed is
 * asked again when the link comes back or the person says so.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 10 * 60_000,
        retry: false,
        refetchOnWindowFocus: false,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

interface ProviderProps extends Link {
  queries: QueryClient;
  children: ReactNode;
}

export function LinkProvider({ console: client, state, queries, children }: ProviderProps) {
  useEffect(() => feedQueries(client, queries), [client, queries]);
  useEffect(() => {
    // Events were missed while the connection was down: read everything on screen again.
    if (state === 'open') void queries.invalidateQueries();
  }, [state, queries]);
  return (
    <LinkContext value={{ console: client, state }}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </LinkContext>
  );
}
