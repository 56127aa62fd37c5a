import type { Chart } from '#common/contract/charts.ts';
import { Confirm } from '#renderer/ui/confirm.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { AddPanel } from './add-panel.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { PanelSheet } from './panel-sheet.tsx';
import { SettingsSheet } from './settings-sheet.tsx';
import type { Editor } from './use-editor.ts';
import type { PanelEdits } from './use-panel-edits.ts';
import type { Saving } from './use-save.ts';
import { words } from './words.ts';

export type EditDialog = 'add' | 'settings' | 'discard' | { panel: string } | null;

interface EditDialogsProps {
  open: EditDialog;
  onOpen: (open: EditDialog) => void;
  connectionId: string;
  editor: Editor;
  charts: readonly Chart[];
  panels: PanelEdits;
  onDiscard: () => void;
}

/** Dialogs that add a panel, change settings of the dashboard or a panel, and confirm discarding changes. */
export function EditDialogs({ open, onOpen, connectionId, editor, charts, panels, onDiscard }: EditDialogsProps) {
  const t = useText(words);
  const { body } = editor;
  const onClose = () => onOpen(null);
  const panel = typeof open === 'object' && open !== null ? body.panels.find(({ id }) => id === open.panel) : undefined;
  if (panel) {
    return (
      <PanelSheet
        connectionId={connectionId}
        panel={panel}
        charts={charts}
        onApply={(next) => {
          panels.replace(next);
          onClose();
        }}
        onClose={onClose}
      />
    );
  }
  if (open === 'add') {
    return (
      <AddPanel
        body={body}
        charts={charts}
        onAdd={(added, settings) => {
          panels.add(added);
          if (settings) onOpen({ panel: added.id });
        }}
        onClose={onClose}
      />
    );
  }
  if (open === 'settings') {
    return (
      <SettingsSheet
        body={body}
        onApply={(next) => {
          editor.change(next);
          onClose();
        }}
        onClose={onClose}
      />
    );
  }
  if (open !== 'discard') return null;
  return (
    <Confirm danger title={t('discardTitle')} action={t('discard')} onConfirm={onDiscard} onClose={onClose}>
      {t('discardAbout')}
    </Confirm>
  );
}

/** Dialogs for a save that needs a decision: a conflict, or a dashboard that was deleted in the meantime. */
export function SaveDialogs({ saving, editor }: { saving: Saving; editor: Editor }) {
  const t = useText(words);
  return (
    <>
      {saving.conflict && <ConflictDialog conflict={saving.conflict} mine={editor.body} onResolve={saving.settle} onClose={saving.close} />}
      {saving.gone && (
        <Confirm title={t('goneTitle')} action={t('recreate')} onConfirm={saving.recreate} onClose={saving.closeGone}>
          {t('saveKept')}
        </Confirm>
      )}
    </>
  );
}
