import { useEffect } from 'react';
import { useAttention } from './use-attention.ts';

/** Where one is and the count of what needs someone, on the tab and on the installed icon: seen without opening the window. */
export function useTitle(screen: string | undefined): void {
  const count = useAttention().length;
  useEffect(() => {
    const name = screen === undefined ? 'Watchfloor' : `${screen} · Watchfloor`;
    document.title = count === 0 ? name : `(${count}) ${name}`;
    // Not every browser has a badge, and one without permission refuses: the title has said it already.
    if (count > 0) navigator.setAppBadge?.(count).catch(() => undefined);
    else navigator.clearAppBadge?.().catch(() => undefined);
  }, [count, screen]);
}
