import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Dashboard, DashboardBody } from '#common/contract/dashboards.ts';
import { same } from '#common/versions/shape.ts';
import { bodyOf } from '../use-change.ts';
import { type Editing, redo, startEditing, step, undo } from './history.ts';
import { afterSave } from './resolve.ts';
import { type FoundDraft, useDraft, useKeepDraft } from './use-draft.ts';

/** The version that an edit started from, and its dashboard if known. */
interface Origin {
  version: number | null;
  body: DashboardBody | null;
  /** When the draft that the edit continues was last changed, ms; null without a draft. */
  foundFrom: number | null;
}

export interface Editor {
  body: DashboardBody;
  /** The version that the edit started from; null for a dashboard that doesn't exist yet. */
  version: number | null;
  dirty: boolean;
  canUndo: boolean;
  canRedo: boolean;
  /** When the draft found here was last changed, ms; null if the edit started now. */
  foundFrom: number | null;
  change: (next: DashboardBody | ((body: DashboardBody) => DashboardBody)) => void;
  undo: () => void;
  redo: () => void;
  /** Continues the edit from the saved result of `sent`, keeping later changes. Earlier steps can still be undone. */
  saved: (dashboard: Dashboard, sent: DashboardBody) => void;
  /** Continues the edit from a newer version, with the chosen parts. */
  rebase: (dashboard: Dashboard, body: DashboardBody) => void;
  discard: () => Promise<void>;
}

/**
 * The edit of a dashboard: steps that can be undone, saved as a draft on this computer.
 * @returns null while nothing is edited; `reading` while a draft is being loaded
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
        // The backend deleted the draft with the save.
        forget();
        goOn(saved, (present) => afterSave(sent, present, bodyOf(saved)));
      },
      rebase: (theirs, chosen) => goOn(theirs, () => chosen),
      discard,
    };
  }, [editing, origin, dirty, change, setEditing, forget, goOn, discard]);
  return { editor, draft: draft ?? null, reading: found.isPending, error: found.error };
}

/** Holds the steps of an edit and what it started from: a draft if there is one, otherwise the dashboard. Null while not editing. */
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
