import { Plus, Redo2, Settings2, Undo2 } from 'lucide-react';
import type { Dashboard } from '#common/contract/dashboards.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { useNow } from '#renderer/ui/time.tsx';
import type { EditDialog } from './edit-dialogs.tsx';
import type { Editor } from './use-editor.ts';
import type { Saving } from './use-save.ts';
import { words } from './words.ts';

interface EditBarProps {
  editor: Editor;
  /** The dashboard as it is saved now; null if it was never saved. */
  dashboard: Dashboard | null;
  saving: Saving;
  onOpen: (open: EditDialog) => void;
  onDone: () => void;
}

/** The title, the save state and the actions of an edit. */
export function EditBar({ editor, dashboard, saving, onOpen, onDone }: EditBarProps) {
  const t = useText(words);
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-2 border-b bg-surface px-4 py-2">
      <h2 className="min-w-0 truncate text-lg">
        <span className="text-muted">{t('editing')} · </span>
        <bdi>{editor.body.title}</bdi>
      </h2>
      <EditState editor={editor} dashboard={dashboard} />
      <span className="flex-1" />
      <UndoButtons editor={editor} />
      <Button onClick={() => onOpen('settings')}>
        <Settings2 size="0.875rem" />
        {t('settings')}
      </Button>
      <Button onClick={() => onOpen('add')}>
        <Plus size="0.875rem" />
        {t('addPanel')}
      </Button>
      <span className="h-5 w-px bg-border" />
      {editor.dirty ? (
        <Button variant="ghost" onClick={() => onOpen('discard')}>
          {t('discard')}
        </Button>
      ) : (
        <Button variant="ghost" onClick={onDone}>
          {t('done')}
        </Button>
      )}
      <Button variant="primary" disabledReason={saving.denied} onClick={saving.save}>
        {t(saving.saving ? 'saving' : 'save')}
      </Button>
    </header>
  );
}

function UndoButtons({ editor }: { editor: Editor }) {
  const t = useText(words);
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        tooltip={`${t('undoStep')} · Ctrl Z`}
        aria-label={t('undoStep')}
        disabledReason={editor.canUndo ? undefined : t('nothingToUndo')}
        onClick={editor.undo}
      >
        <Undo2 size="0.875rem" className="rtl:-scale-x-100" />
      </Button>
      <Button
        variant="ghost"
        size="icon"
        tooltip={`${t('redoStep')} · Ctrl Shift Z`}
        aria-label={t('redoStep')}
        disabledReason={editor.canRedo ? undefined : t('nothingToRedo')}
        onClick={editor.redo}
      >
        <Redo2 size="0.875rem" className="rtl:-scale-x-100" />
      </Button>
    </>
  );
}

/** Shows whether everything is saved, where unsaved changes are kept, and whether someone else has saved in the meantime. */
function EditState({ editor, dashboard }: { editor: Editor; dashboard: Dashboard | null }) {
  const t = useText(words);
  const { language } = usePreferences();
  const now = useNow();
  const { dirty, foundFrom, version } = editor;
  if (dashboard && version !== null && dashboard.version > version) {
    return (
      <StatusSymbol
        status="pending"
        label={t('changedElsewhere', { name: dashboard.updatedBy, version: dashboard.version })}
        className="whitespace-normal text-sm"
      />
    );
  }
  if (!dirty) return <StatusSymbol status="ok" label={t('saved')} className="text-sm" />;
  const kept = foundFrom === null ? t('draftKept') : t('draftFound', { age: formatDuration(now - foundFrom, language) });
  return <StatusSymbol status="waiting" label={`${t('unsaved')} · ${kept}`} className="text-sm" />;
}
