import { useEffect } from 'react';
import { useAttention } from './use-attention.ts';

/** Writes the screen's name and the number of alerts without an owner to the tab's title and the installed app's badge. */
export function useTitle(screen: string | undefined): void {
  const count = useAttention().length;
  useEffect(() => {
    const name = screen === undefined ? 'Watchfloor' : `${screen} · Watchfloor`;
    document.title = count === 0 ? name : `(${count}) ${name}`;
    // Not every browser has a badge, and some refuse without permission. The title shows the number anyway.
    if (count > 0) navigator.setAppBadge?.(count).catch(() => undefined);
    else navigator.clearAppBadge?.().catch(() => undefined);
  }, [count, screen]);
}
