import { useSyncExternalStore } from 'react';
import { onLink } from '#renderer/link/console.ts';
import type { LinkState } from '#renderer/link/index.ts';

let state: LinkState = 'open';
const subscribe = (notify: () => void) =>
  onLink((next) => {
    state = next;
    notify();
  });

/** Whether this window reaches its core now. */
export const useLinkState = (): LinkState => useSyncExternalStore(subscribe, () => state);
