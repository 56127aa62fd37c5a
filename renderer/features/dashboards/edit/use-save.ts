import { useState } from 'react';
import type { SaveOutcome } from '#common/contract/console/dashboards.ts';
import type { Dashboard, DashboardBody } from '#common/contract/dashboards.ts';
import { AppError } from '#common/contract/errors.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { describeError } from '#renderer/ui/states.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { useAskAgain } from '../use-change.ts';
import type { Editor } from './use-editor.ts';
import { words } from './words.ts';

type Conflict = Extract<SaveOutcome, { state: 'conflict' }>;

/** Saves an edit, and says what became of it. `gone`: it was deleted meanwhile. */
export function useSave(connectionId: string, onSaved: (dashboard: Dashboard) => void) {
  const t = useText(words);
  const { dashboards: service } = useConsole();
  const askAgain = useAskAgain(connectionId);
  const [saving, setSaving] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [gone, setGone] = useState(false);

  const send = async (editor: Editor, body: DashboardBody, version: number | null) => {
    setSaving(true);
    try {
      const outcome = await service.save({ connectionId, body, version });
      if (outcome.state === 'conflict') {
        setConflict(outcome);
        return;
      }
      const { dashboard } = outcome;
      editor.saved(dashboard, body);
      toast(
        outcome.state === 'merged'
          ? { message: t('mergedNote', { name: dashboard.updatedBy }), detail: t('mergedAbout', { version: dashboard.version }) }
          : { message: t('savedNote', { title: dashboard.title, version: dashboard.version }), lastsMs: 4_000 },
      );
      await askAgain();
      onSaved(dashboard);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found' && version !== null) setGone(true);
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
    save: (editor: Editor) => send(editor, editor.body, editor.version),
    recreate: (editor: Editor) => {
      setGone(false);
      return send(editor, editor.body, null);
    },
    /** Goes on from their version with what was chosen. */
    settle: (editor: Editor, body: DashboardBody) => {
      if (!conflict) return Promise.resolve();
      const { theirs } = conflict;
      setConflict(null);
      editor.rebase(theirs, body);
      return send(editor, body, theirs.version);
    },
    close: () => setConflict(null),
    closeGone: () => setGone(false),
  };
}
