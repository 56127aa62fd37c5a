import { createContext, useContext } from 'react';
import type { ConsoleClient } from '#common/contract/console/index.ts';

/** The renderer's connection to its own core; `closed` while it reconnects. */
export type LinkState = 'open' | 'closed';

export interface Link {
  console: ConsoleClient;
  state: LinkState;
}

export const LinkContext = createContext<Link | null>(null);

export function useLink(): Link {
  const link = useContext(LinkContext);
  if (!link) throw new Error('useLink needs a LinkProvider above it.');
  return link;
}

/** Returns the core's services. */
export const useConsole = (): ConsoleClient => useLink().console;
