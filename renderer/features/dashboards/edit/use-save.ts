import { useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { SaveOutcome } from '#common/contract/console/dashboards.ts';
import type { DashboardBody } from '#common/contract/dashboards.ts';
import { AppError } from '#common/contract/errors.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { type Translate, useText } from '#renderer/ui/i18n.ts';
import { describeError } from '#renderer/ui/states.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { useKeepThumbnail } from '../export/thumbnail.tsx';
import { useAskAgain } from '../use-change.ts';
import type { Editor } from './use-editor.ts';
import { words } from './words.ts';

type Conflict = Extract<SaveOutcome, { state: 'conflict' }>;

/** Saves an edit and returns the result. `gone`: it was deleted in the meantime. */
export function useSave(connection: Connection, editor: Editor) {
  const t = useText(words);
  const { dashboards: service } = useConsole();
  const connectionId = connection.id;
  const askAgain = useAskAgain(connectionId);
  const keepThumbnail = useKeepThumbnail(connectionId);
  const notAllowed = usePermission(connection, 'OPERATOR', true);
  const [saving, setSaving] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [gone, setGone] = useState(false);
  const denied = !editor.dirty ? t('nothingToSave') : saving ? t('saving') : notAllowed;

  /** @param basedOn the version it was made from; null for a new dashboard */
  const send = async (body: DashboardBody, basedOn: number | null) => {
    setSaving(true);
    try {
      const outcome = await service.save({ connectionId, body, version: basedOn });
      if (outcome.state === 'conflict') {
        setConflict(outcome);
        return;
      }
      editor.saved(outcome.dashboard, body);
      announceSaved(t, outcome);
      await askAgain();
      keepThumbnail(outcome.dashboard);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found' && basedOn !== null) setGone(true);
      const { message } = describeError(error);
      toast({ message: t('saveFailed'), detail: `${message} ${t('saveKept')}`, tone: 'problem' });
    } finally {
      setSaving(false);
    }
  };
  return {
    saving,
    conflict,
    gone,
    /** Why it can't be saved now; undefined if it can. */
    denied,
    save: () => {
      if (denied === undefined) void send(editor.body, editor.version);
      else toast({ message: denied, tone: 'problem', lastsMs: 4_000 });
    },
    recreate: () => {
      setGone(false);
      void send(editor.body, null);
    },
    /** Continues from their version with the chosen parts. */
    settle: (body: DashboardBody) => {
      if (!conflict) return;
      const { theirs } = conflict;
      setConflict(null);
      editor.rebase(theirs, body);
      void send(body, theirs.version);
    },
    close: () => setConflict(null),
    closeGone: () => setGone(false),
  };
}
function announceSaved(
  t: Translate<'mergedNote' | 'mergedAbout' | 'savedNote'>,
  { state, dashboard }: Exclude<SaveOutcome, Conflict>,
): void {
  const { title, version, updatedBy } = dashboard;
  if (state === 'merged') toast({ message: t('mergedNote', { name: updatedBy }), detail: t('mergedAbout', { version }) });
  else toast({ message: t('savedNote', { title, version }), lastsMs: 4_000 });
}

export type Saving = ReturnType<typeof useSave>;
