import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Dashboard, DashboardBody } from '#common/contract/dashboards.ts';
import { same } from '#common/versions/shape.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toastError } from '#renderer/ui/toast.tsx';
import { bodyOf } from '../use-change.ts';
import { type Editing, redo, startEditing, step, undo } from './history.ts';
import { afterSave } from './resolve.ts';
import { words } from './words.ts';

/** A draft is kept this long after the last step, ms; at once when the page goes. */
const keepAfterMs = 250;

/** What an edit started from: a version, and the dashboard as it was then where that is known. */
interface Origin {
  version: number | null;
  body: DashboardBody | null;
  /** When the draft that it went on from was last changed, ms; null without one. */
  foundFrom: number | null;
}

export interface Editor {
  body: DashboardBody;
  /** The version that the edit started from; null for what does not exist yet. */
  version: number | null;
  dirty: boolean;
  canUndo: boolean;
  canRedo: boolean;
  /** When the edit that was found here was last changed, ms; null when it began now. */
  foundFrom: number | null;
  change: (next: DashboardBody | ((body: DashboardBody) => DashboardBody)) => void;
  undo: () => void;
  redo: () => void;
  /** The edit goes on from what `sent` was saved as, with what was changed meanwhile; earlier steps can still be taken back. */
  saved: (dashboard: Dashboard, sent: DashboardBody) => void;
  /** The edit goes on from a newer version, with what was chosen. */
  rebase: (dashboard: Dashboard, body: DashboardBody) => void;
  discard: () => Promise<void>;
}

/**
 * The edit of a dashboard: steps that can be taken back, kept as a draft on this computer as they are made.
 * @returns null while there is none; `reading` while a draft is looked for
 */
export function useEditor(connectionId: string, code: string, dashboard: Dashboard | null, active: boolean) {
  const t = useText(words);
  const { dashboards: service } = useConsole();
  const found = useQuery({
    queryKey: ['dashboard-draft', connectionId, code],
    queryFn: ({ signal }) => service.draft({ connectionId, code }, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const draft = found.data;
  const [editing, setEditing] = useState<Editing | null>(null);
  const [origin, setOrigin] = useState<Origin>({ version: null, body: null, foundFrom: null });

  useEffect(() => {
    if (!active) setEditing(null);
    if (!active || editing || found.isPending) return;
    if (draft) {
      const known = dashboard && dashboard.version === draft.version ? bodyOf(dashboard) : null;
      setOrigin({ version: draft.version, body: known, foundFrom: draft.changedAt });
      setEditing(startEditing(draft.body));
    } else if (dashboard) {
      const body = bodyOf(dashboard);
      setOrigin({ version: dashboard.version, body, foundFrom: null });
      setEditing(startEditing(body));
    }
  }, [active, editing, found.isPending, draft, dashboard]);

  const body = editing?.present;
  const dirty = body !== undefined && (origin.body === null || !same(body, origin.body));
  const kept = useRef<DashboardBody | undefined>(draft?.body);
  const pending = useRef<(() => void) | null>(null);
  useEffect(() => {
    if (body === undefined || same(kept.current, body)) return;
    if (!dirty && kept.current === undefined) return;
    const keep = () => {
      pending.current = null;
      kept.current = dirty ? body : undefined;
      const work = dirty ? service.keepDraft({ connectionId, body, version: origin.version }) : service.dropDraft({ connectionId, code });
      work.catch((error: unknown) => toastError(t('actFailed'), error));
    };
    pending.current = keep;
    const timer = setTimeout(keep, keepAfterMs);
    return () => clearTimeout(timer);
  }, [body, dirty, origin.version, service, connectionId, code, t]);
  useEffect(() => {
    const flush = () => pending.current?.();
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, []);

  const change = useCallback<Editor['change']>((next) => {
    setEditing((before) => before && step(before, typeof next === 'function' ? next(before.present) : next));
  }, []);
  const goOn = useCallback((from: Dashboard, next: (present: DashboardBody) => DashboardBody) => {
    const body = bodyOf(from);
    setOrigin({ version: from.version, body, foundFrom: null });
    setEditing((before) => (before ? step(before, next(before.present)) : startEditing(next(body))));
  }, []);
  const { refetch } = found;
  useEffect(() => {
    if (active) return;
    // A save takes the draft away, and an edit that was left makes one; either may come to rest only after the edit has ended.
    void refetch();
    return service.onDraftsChanged((changed) => {
      if (changed.connectionId === connectionId) void refetch();
    });
  }, [active, refetch, service, connectionId]);
  const discard = useCallback(async () => {
    pending.current = null;
    kept.current = undefined;
    await service.dropDraft({ connectionId, code });
    await refetch();
    setEditing(null);
  }, [service, connectionId, code, refetch]);

  const editor = useMemo<Editor | null>(() => {
    if (!editing) return null;
    return {
      body: editing.present,
      version: origin.version,
      dirty,
      canUndo: editing.past.length > 0,
      canRedo: editing.future.length > 0,
      foundFrom: origin.foundFrom,
      change,
      undo: () => setEditing((before) => before && undo(before)),
      redo: () => setEditing((before) => before && redo(before)),
      saved: (saved, sent) => {
        // The backend took the draft away with the save.
        kept.current = undefined;
        pending.current = null;
        goOn(saved, (present) => afterSave(sent, present, bodyOf(saved)));
      },
      rebase: (theirs, chosen) => goOn(theirs, () => chosen),
      discard,
    };
  }, [editing, origin, dirty, change, goOn, discard]);
  return { editor, draft: draft ?? null, reading: found.isPending, error: found.error };
}
