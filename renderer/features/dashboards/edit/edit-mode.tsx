import { type ReactNode, useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Dashboard, Panel } from '#common/contract/dashboards.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { ScrollArea } from '#renderer/ui/parts.tsx';
import { Empty } from '#renderer/ui/states.tsx';
import { EditBar } from './edit-bar.tsx';
import { type EditDialog, EditDialogs, SaveDialogs } from './edit-dialogs.tsx';
import { EditGrid } from './edit-grid.tsx';
import { LeaveDialog, useLeaving } from './leave-dialog.tsx';
import { useEditKeys } from './use-edit-keys.ts';
import type { Editor } from './use-editor.ts';
import { usePanelEdits } from './use-panel-edits.ts';
import { usePanelKeys } from './use-panel-keys.ts';
import { useSave } from './use-save.ts';
import { words } from './words.ts';

interface EditModeProps {
  connection: Connection;
  dashboard: Dashboard | null;
  editor: Editor;
  charts: readonly Chart[];
  selected: string | null;
  onSelect: (id: string | null) => void;
  onDone: () => void;
  chooser: ReactNode;
  children: (panel: Panel) => ReactNode;
}

/** Edits a dashboard. Every step can be undone, and is kept until it is saved or discarded. */
export function EditMode({ connection, dashboard, editor, charts, selected, onSelect, onDone, chooser, children }: EditModeProps) {
  const t = useText(words);
  const { body } = editor;
  const [open, setOpen] = useState<EditDialog>(null);
  const panels = usePanelEdits(editor, onSelect);
  const saving = useSave(connection, editor);
  const announcement = usePanelKeys({ body, charts, selected, onSelect, onChange: editor.change, enabled: open === null });
  useEditKeys({ editor, panels, selected, onSelect, onOpen: setOpen, onSave: saving.save, onDone });
  const { blocker, discard } = useLeaving(editor, onDone);
  return (
    <>
      <EditBar editor={editor} dashboard={dashboard} saving={saving} onOpen={setOpen} onDone={onDone} />
      {chooser}
      <p aria-live="polite" className="sr-only">
        {announcement}
      </p>
      <ScrollArea
        className="edit-canvas flex-1 p-4"
        onPointerDown={(event) => {
          if (event.target === event.currentTarget) onSelect(null);
        }}
      >
        {body.panels.length === 0 ? (
          <Empty className="h-full" action={<Button onClick={() => setOpen('add')}>{t('addFirst')}</Button>}>
            {t('noPanels')}
          </Empty>
        ) : (
          <EditGrid
            body={body}
            charts={charts}
            selected={selected}
            onSelect={onSelect}
            onChange={editor.change}
            onSettings={(id) => setOpen({ panel: id })}
            panels={panels}
          >
            {children}
          </EditGrid>
        )}
      </ScrollArea>
      <EditDialogs
        open={open}
        onOpen={setOpen}
        connectionId={connection.id}
        editor={editor}
        charts={charts}
        panels={panels}
        onDiscard={() => void discard()}
      />
      <SaveDialogs saving={saving} editor={editor} />
      <LeaveDialog blocker={blocker} editor={editor} />
    </>
  );
}
