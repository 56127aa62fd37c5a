import { useCallback } from 'react';
import { useText } from './i18n.ts';
import { toast, toastError } from './toast.tsx';
import { words } from './words.ts';

/** Copies the address of what is on screen, and says so; a browser gives no clipboard to a page that came over plain HTTP. */
export function useCopyLink(): () => void {
  const t = useText(words);
  return useCallback(() => {
    const copy = async () => {
      await navigator.clipboard.writeText(location.href);
      toast({ message: t('linkCopied'), lastsMs: 2_000 });
    };
    void copy().catch((error: unknown) => toastError(t('linkNotCopied'), error));
  }, [t]);
}
