import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import type { EditDialog } from './edit-dialogs.tsx';
import type { Editor } from './use-editor.ts';
import type { PanelEdits } from './use-panel-edits.ts';
import { words } from './words.ts';

interface EditKeysOptions {
  editor: Editor;
  panels: PanelEdits;
  selected: string | null;
  onSelect: (id: string | null) => void;
  onOpen: (open: EditDialog) => void;
  onSave: () => void;
  onDone: () => void;
}

/** Binds keys to every action of an edit, except moving panels. */
export function useEditKeys({ editor, panels, selected, onSelect, onOpen, onSave, onDone }: EditKeysOptions): void {
  const t = useText(words);
  const target = editor.body.panels.find(({ id }) => id === selected);
  useKeys('screen', [
    { keys: 'Mod+s', title: t('save'), run: onSave, inFields: true },
    { keys: 'Mod+z', title: t('undoStep'), run: editor.undo },
    { keys: 'Mod+Shift+z', title: t('redoStep'), run: editor.redo },
    { keys: 'Mod+y', title: t('redoStep'), run: editor.redo, hidden: true },
    { keys: 'n', title: t('addPanel'), run: () => onOpen('add') },
    { keys: ',', title: t('dashboardSettings'), run: () => onOpen('settings') },
    ...(target
      ? [
          { keys: 'Enter', title: t('panelSettings'), run: () => onOpen({ panel: target.id }) },
          { keys: 'Mod+d', title: t('duplicatePanel'), run: () => panels.duplicate(target.id) },
          { keys: 'Delete', title: t('deletePanel'), run: () => panels.remove(target.id) },
        ]
      : []),
    { keys: 'Escape', title: t('done'), run: () => (selected === null ? onDone() : onSelect(null)) },
  ]);
}
