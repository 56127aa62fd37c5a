import { useSyncExternalStore } from 'react';
import type { ConsoleClient } from '#common/contract/console/index.ts';
import type { LinkState } from '#renderer/link/index.ts';

/** What a transport gives: the core's services, and whether it reaches them now. */
export interface ConsoleConnection {
  client: ConsoleClient;
  state: () => LinkState;
  /** @returns the removal. */
  onState: (listener: () => void) => () => void;
}

export function useLinkState(link: ConsoleConnection): LinkState {
  return useSyncExternalStore(link.onState, link.state);
}
