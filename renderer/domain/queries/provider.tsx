import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { type Link, LinkContext } from '../rpc/context.ts';
import { feedQueries } from './feed.ts';

/**
 * Creates the window's cache. Events keep it current, so nothing refetches by itself; failed queries are repeated when the connection
 * returns or the person retries.
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
    // Events were missed while disconnected, so everything on screen is read again.
    if (state === 'open') void queries.invalidateQueries();
  }, [state, queries]);
  return (
    <LinkContext value={{ console: client, state }}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </LinkContext>
  );
}
