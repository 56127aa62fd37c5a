import { useEffect } from 'react';
import { useAttention } from './use-attention.ts';

/** The count of what needs someone, on the tab and on the installed icon: seen without opening the window. */
export function useTitle(): void {
  const count = useAttention().length;
  useEffect(() => {
    document.title = count === 0 ? 'Watchfloor' : `(${count}) Watchfloor`;
    // Not every browser has a badge, and one without permission refuses: the title has said it already.
    if (count > 0) navigator.setAppBadge?.(count).catch(() => undefined);
    else navigator.clearAppBadge?.().catch(() => undefined);
  }, [count]);
}
