import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect } from 'react';
import type { ConsoleClient } from '#common/contract/console/index.ts';
import { feedQueries } from './feed.ts';

/** Whether the renderer reaches its own core: `closed` while it tries again. */
export type LinkState = 'open' | 'closed';

export interface Link {
  console: ConsoleClient;
  state: LinkState;
}

const Context = createContext<Link | null>(null);

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
    // Whatever happened while the link was down was not told: ask for everything on screen again.
    if (state === 'open') void queries.invalidateQueries();
  }, [state, queries]);
  return (
    <Context value={{ console: client, state }}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </Context>
  );
}

export function useLink(): Link {
  const link = useContext(Context);
  if (!link) throw new Error('useLink needs a LinkProvider above it.');
  return link;
}

/** The core's services. */
export const useConsole = (): ConsoleClient => useLink().console;
