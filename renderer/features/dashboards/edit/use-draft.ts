import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import type { DashboardBody } from '#common/contract/dashboards.ts';
import { same } from '#common/versions/shape.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toastError } from '#renderer/ui/toast.tsx';
import { words } from './words.ts';

/** A draft is kept this long after the last step, ms; at once when the page goes. */
const keepAfterMs = 250;

/** The draft of a dashboard on this computer; null where there is none, undefined until that is known. */
export function useDraft(connectionId: string, code: string, isEdited: boolean) {
  const { dashboards: service } = useConsole();
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ['dashboard-draft', connectionId, code],
    queryFn: ({ signal }) => service.draft({ connectionId, code }, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (isEdited) return;
    // A save takes the draft away, and an edit that was left makes one; either may come to rest only after the edit has ended.
    void refetch();
    return service.onDraftsChanged((changed) => {
      if (changed.connectionId === connectionId) void refetch();
    });
  }, [isEdited, refetch, service, connectionId]);
  return { draft: data, isPending, error, refetch };
}
export type FoundDraft = ReturnType<typeof useDraft>;

interface KeepDraftAsk {
  connectionId: string;
  code: string;
  /** The draft that the edit goes on from. */
  draft: FoundDraft['draft'];
  /** The edit as it is now; undefined while there is none. */
  body: DashboardBody | undefined;
  dirty: boolean;
  /** The version that the edit started from. */
  version: number | null;
}

/**
 * Keeps an edit as a draft on this computer a moment after each step, and drops the draft once nothing is left to save.
 * @returns `forget`, for a draft that is gone already, and `drop`, which takes it away
 */
export function useKeepDraft({ connectionId, code, draft, body, dirty, version }: KeepDraftAsk) {
  const t = useText(words);
  const { dashboards: service } = useConsole();
  const kept = useRef<DashboardBody | undefined>(draft?.body);
  const pending = useRef<(() => void) | null>(null);
  useEffect(() => {
    if (body === undefined || same(kept.current, body)) return;
    if (!dirty && kept.current === undefined) return;
    const keep = () => {
      pending.current = null;
      kept.current = dirty ? body : undefined;
      const work = dirty ? service.keepDraft({ connectionId, body, version }) : service.dropDraft({ connectionId, code });
      work.catch((error: unknown) => toastError(t('actFailed'), error));
    };
    pending.current = keep;
    const timer = setTimeout(keep, keepAfterMs);
    return () => clearTimeout(timer);
  }, [body, dirty, version, service, connectionId, code, t]);
  useEffect(() => {
    const flush = () => pending.current?.();
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, []);
  const forget = useCallback(() => {
    kept.current = undefined;
    pending.current = null;
  }, []);
  const drop = useCallback(async () => {
    forget();
    await service.dropDraft({ connectionId, code });
  }, [forget, service, connectionId, code]);
  return { forget, drop };
}
