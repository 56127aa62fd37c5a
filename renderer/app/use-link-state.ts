import { useSyncExternalStore } from 'react';
import type { LinkState } from '#renderer/domain/queries/index.ts';
import { onLink } from '#renderer/domain/rpc/console.ts';

let state: LinkState = 'open';
const subscribe = (notify: () => void) =>
  onLink((next) => {
    state = next;
    notify();
  });

/** Whether this window reaches its core now. */
export const useLinkState = (): LinkState => useSyncExternalStore(subscribe, () => state);
