import { useCallback } from 'react';
import { useText } from './i18n.ts';
import { toast, toastError } from './toast.tsx';
import { words } from './words.ts';

/** Returns a function that copies the current address and says so. On pages loaded over plain HTTP browsers offer no clipboard. */
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
