import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Dashboard, DashboardBody } from '#common/contract/dashboards.ts';
import { same } from '#common/versions/shape.ts';
import { bodyOf } from '../use-change.ts';
import { type Editing, redo, startEditing, step, undo } from './history.ts';
import { afterSave } from './resolve.ts';
import { type FoundDraft, useDraft, useKeepDraft } from './use-draft.ts';

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
  const found = useDraft(connectionId, code, active);
  const { draft } = found;
  const { editing, setEditing, origin, setOrigin } = useEditing(dashboard, found, active);
  const body = editing?.present;
  const dirty = body !== undefined && (origin.body === null || !same(body, origin.body));
  const { forget, drop } = useKeepDraft({ connectionId, code, draft, body, dirty, version: origin.version });

  const change = useCallback<Editor['change']>(
    (next) => setEditing((before) => before && step(before, typeof next === 'function' ? next(before.present) : next)),
    [setEditing],
  );
  const goOn = useCallback(
    (from: Dashboard, next: (present: DashboardBody) => DashboardBody) => {
      const started = bodyOf(from);
      setOrigin({ version: from.version, body: started, foundFrom: null });
      setEditing((before) => (before ? step(before, next(before.present)) : startEditing(next(started))));
    },
    [setOrigin, setEditing],
  );
  const { refetch } = found;
  const discard = useCallback(async () => {
    await drop();
    await refetch();
    setEditing(null);
  }, [drop, refetch, setEditing]);

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
        forget();
        goOn(saved, (present) => afterSave(sent, present, bodyOf(saved)));
      },
      rebase: (theirs, chosen) => goOn(theirs, () => chosen),
      discard,
    };
  }, [editing, origin, dirty, change, setEditing, forget, goOn, discard]);
  return { editor, draft: draft ?? null, reading: found.isPending, error: found.error };
}

/** The steps of an edit, and what it started from: the draft that was found, else the dashboard. There are none while it isn't active. */
function useEditing(dashboard: Dashboard | null, { draft, isPending }: FoundDraft, active: boolean) {
  const [editing, setEditing] = useState<Editing | null>(null);
  const [origin, setOrigin] = useState<Origin>({ version: null, body: null, foundFrom: null });
  useEffect(() => {
    if (!active) setEditing(null);
    if (!active || editing || isPending) return;
    if (draft) {
      const known = dashboard && dashboard.version === draft.version ? bodyOf(dashboard) : null;
      setOrigin({ version: draft.version, body: known, foundFrom: draft.changedAt });
      setEditing(startEditing(draft.body));
    } else if (dashboard) {
      const body = bodyOf(dashboard);
      setOrigin({ version: dashboard.version, body, foundFrom: null });
      setEditing(startEditing(body));
    }
  }, [active, editing, isPending, draft, dashboard]);
  return { editing, setEditing, origin, setOrigin };
}
