import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { LinkState } from '#renderer/domain/queries/index.ts';
import type { Rpc } from '#renderer/domain/rpc/rpc.ts';

/** Returns whether this window is connected to its core. */
export function useLinkState(rpc: Rpc): LinkState {
  const state = useRef<LinkState>('open');
  const subscribe = useCallback(
    (notify: () => void) =>
      rpc.onLink((next) => {
        state.current = next;
        notify();
      }),
    [rpc],
  );
  return useSyncExternalStore(subscribe, () => state.current);
}
