import { useBlocker } from '@tanstack/react-router';
import { Plus, Redo2, Settings2, Undo2 } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Dashboard, Panel } from '#common/contract/dashboards.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { Confirm } from '#renderer/ui/confirm.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { ScrollArea } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty } from '#renderer/ui/states.tsx';
import { useNow } from '#renderer/ui/time.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { useKeepThumbnail } from '../export/thumbnail.tsx';
import { titleOf } from '../view/values.ts';
import { AddPanel } from './add-panel.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { EditGrid } from './edit-grid.tsx';
import { duplicatePanel, removePanel, replacePanel } from './layout.ts';
import { PanelSheet } from './panel-sheet.tsx';
import { SettingsSheet } from './settings-sheet.tsx';
import type { Editor } from './use-editor.ts';
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

type Open = 'add' | 'settings' | 'discard' | { panel: string } | null;

/** The dashboard under the hand: every step can be taken back, and is kept until it is saved or discarded. */
export function EditMode({ connection, dashboard, editor, charts, selected, onSelect, onDone, chooser, children }: EditModeProps) {
  const t = useText(words);
  const [open, setOpen] = useState<Open>(null);
  const { body, dirty } = editor;
  const denied = usePermission(connection, 'OPERATOR', true);
  const keepThumbnail = useKeepThumbnail(connection.id);
  const saving = useSave(connection.id, keepThumbnail);
  const titled = (id: string) => {
    const panel = body.panels.find((one) => one.id === id);
    return panel ? titleOf(panel, charts) : id;
  };
  const told = usePanelKeys({ body, selected, onSelect, onChange: editor.change, titleOf: titled, enabled: open === null });
  const saveDenied = !dirty ? t('nothingToSave') : saving.saving ? t('saving') : denied;
  const save = () => {
    if (saveDenied === undefined) void saving.save(editor);
    else toast({ message: saveDenied, tone: 'problem', lastsMs: 4_000 });
  };
  const remove = (id: string) => {
    editor.change((before) => removePanel(before, id));
    onSelect(null);
  };
  const duplicate = (id: string) => {
    const copy = duplicatePanel(body, id);
    editor.change(copy.body);
    onSelect(copy.id);
  };
  const target = body.panels.find(({ id }) => id === selected);
  useKeys('screen', [
    { keys: 'Mod+s', title: t('save'), run: save, inFields: true },
    { keys: 'Mod+z', title: t('undoStep'), run: editor.undo },
    { keys: 'Mod+Shift+z', title: t('redoStep'), run: editor.redo },
    { keys: 'Mod+y', title: t('redoStep'), run: editor.redo, hidden: true },
    { keys: 'n', title: t('addPanel'), run: () => setOpen('add') },
    { keys: ',', title: t('dashboardSettings'), run: () => setOpen('settings') },
    ...(target
      ? [
          { keys: 'Enter', title: t('panelSettings'), run: () => setOpen({ panel: target.id }) },
          { keys: 'Mod+d', title: t('duplicatePanel'), run: () => duplicate(target.id) },
          { keys: 'Delete', title: t('deletePanel'), run: () => remove(target.id) },
        ]
      : []),
    { keys: 'Escape', title: t('done'), run: () => (selected === null ? onDone() : onSelect(null)) },
  ]);
  // Discarding answers the question before it is asked; the blocker would still see the edit that was.
  const discarded = useRef(false);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      dirty && !discarded.current && (current.pathname !== next.pathname || (next.search as { edit?: boolean }).edit !== true),
    enableBeforeUnload: false,
    withResolver: true,
  });
  const discard = async () => {
    await editor.discard();
    discarded.current = true;
    onDone();
  };
  const shown = typeof open === 'object' && open !== null ? body.panels.find(({ id }) => id === open.panel) : undefined;
  return (
    <>
      <header className="flex shrink-0 flex-wrap items-center gap-2 border-b bg-surface px-4 py-2">
        <h2 className="min-w-0 truncate text-lg">
          <span className="text-muted">{t('editing')} · </span>
          <bdi>{body.title}</bdi>
        </h2>
        <EditState editor={editor} dashboard={dashboard} />
        <span className="flex-1" />
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
        <Button onClick={() => setOpen('settings')}>
          <Settings2 size="0.875rem" />
          {t('settings')}
        </Button>
        <Button onClick={() => setOpen('add')}>
          <Plus size="0.875rem" />
          {t('addPanel')}
        </Button>
        <span className="h-5 w-px bg-border" />
        {dirty ? (
          <Button variant="ghost" onClick={() => setOpen('discard')}>
            {t('discard')}
          </Button>
        ) : (
          <Button variant="ghost" onClick={onDone}>
            {t('done')}
          </Button>
        )}
        <Button variant="primary" disabledReason={saveDenied} onClick={save}>
          {t(saving.saving ? 'saving' : 'save')}
        </Button>
      </header>
      {chooser}
      <p aria-live="polite" className="sr-only">
        {told}
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
            onDuplicate={duplicate}
            onDelete={remove}
          >
            {children}
          </EditGrid>
        )}
      </ScrollArea>
      {open === 'add' && (
        <AddPanel
          body={body}
          charts={charts}
          onAdd={(panel, settings) => {
            editor.change((before) => ({ ...before, panels: [...before.panels, panel] }));
            onSelect(panel.id);
            if (settings) setOpen({ panel: panel.id });
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'settings' && (
        <SettingsSheet
          body={body}
          onApply={(next) => {
            editor.change(next);
            setOpen(null);
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {shown && (
        <PanelSheet
          connectionId={connection.id}
          panel={shown}
          charts={charts}
          onApply={(panel) => {
            editor.change((before) => replacePanel(before, panel));
            setOpen(null);
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'discard' && (
        <Confirm danger title={t('discardTitle')} action={t('discard')} onConfirm={() => void discard()} onClose={() => setOpen(null)}>
          {t('discardAbout')}
        </Confirm>
      )}
      {saving.conflict && (
        <ConflictDialog
          conflict={saving.conflict}
          mine={body}
          onResolve={(resolved) => void saving.settle(editor, resolved)}
          onClose={saving.close}
        />
      )}
      {saving.gone && (
        <Confirm title={t('goneTitle')} action={t('recreate')} onConfirm={() => void saving.recreate(editor)} onClose={saving.closeGone}>
          {t('saveKept')}
        </Confirm>
      )}
      {blocker.status === 'blocked' && (
        <Dialog
          open
          onOpenChange={(next) => !next && blocker.reset()}
          title={t('leaveTitle')}
          footer={
            <>
              <Button onClick={() => blocker.reset()}>{t('stay')}</Button>
              <Button
                variant="danger"
                onClick={() => {
                  void editor.discard().then(() => blocker.proceed());
                }}
              >
                {t('leaveDrop')}
              </Button>
              <Button variant="primary" onClick={() => blocker.proceed()}>
                {t('leaveKeep')}
              </Button>
            </>
          }
        >
          <p className="text-muted">{t('leaveAbout')}</p>
        </Dialog>
      )}
    </>
  );
}

/** Whether all is saved, where what is not is kept, and whether somebody else was here meanwhile. */
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
