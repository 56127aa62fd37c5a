import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import type { DashboardBody } from '#common/contract/dashboards.ts';
import { same } from '#common/versions/shape.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toastError } from '#renderer/ui/toast.tsx';
import { words } from './words.ts';

/** Delay between the last step and saving its draft, ms. When the page closes, it is saved at once. */
const keepAfterMs = 250;

/** Returns the draft of a dashboard on this computer; null if there is none, undefined until it is loaded. */
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
    // A save deletes the draft, and leaving an edit creates one. Either may complete only after the edit has ended.
    void refetch();
    return service.onDraftsChanged((changed) => {
      if (changed.connectionId === connectionId) void refetch();
    });
  }, [isEdited, refetch, service, connectionId]);
  return { draft: data, isPending, error, refetch };
}
export type FoundDraft = ReturnType<typeof useDraft>;

interface KeepDraftOptions {
  connectionId: string;
  code: string;
  /** The draft that the edit continues. */
  draft: FoundDraft['draft'];
  /** The edit as it is now; undefined if there is none. */
  body: DashboardBody | undefined;
  dirty: boolean;
  /** The version that the edit started from. */
  version: number | null;
}

/**
 * Saves an edit as a draft on this computer shortly after each step, and deletes the draft once nothing is unsaved.
 * @returns `forget`, for a draft that is gone already, and `drop`, which deletes it
 */
export function useKeepDraft({ connectionId, code, draft, body, dirty, version }: KeepDraftOptions) {
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
