import type { DashboardSummary } from '#common/contract/dashboards.ts';
import { Confirm } from '#renderer/ui/confirm.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { toast } from '#renderer/ui/toast.tsx';
import { useAskAgain } from '../use-change.ts';
import { CreateDialog } from './create-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import type { ListActions } from './use-actions.ts';
import { words } from './words.ts';

export type ListDialog = { what: 'create' } | { what: 'import' } | { what: 'delete'; dashboard: DashboardSummary } | null;

interface DialogsProps {
  open: ListDialog;
  connectionId: string;
  /** Codes that exist already. */
  taken: readonly string[];
  /** Folder of a new dashboard; '' is the top. */
  folder: string;
  actions: ListActions;
  onClose: () => void;
}

/** Dialogs that create, import and delete dashboards. */
export function Dialogs({ open, connectionId, taken, folder, actions, onClose }: DialogsProps) {
  const t = useText(words);
  const askAgain = useAskAgain(connectionId);
  if (open === null) return null;
  const common = { connectionId, taken, folder, onClose };
  if (open.what === 'create') return <CreateDialog {...common} onCreated={({ code }) => actions.open(code, true)} />;
  if (open.what === 'import') {
    return (
      <ImportDialog
        {...common}
        onImported={({ dashboard }) => {
          onClose();
          toast({
            message: t('imported', { title: dashboard.title }),
            action: { label: t('open'), run: () => actions.open(dashboard.code) },
          });
          void askAgain();
        }}
      />
    );
  }
  return (
    <Confirm
      danger
      title={t('deleteTitle', { title: open.dashboard.title })}
      action={t('delete')}
      onConfirm={() => void actions.remove(open.dashboard)}
      onClose={onClose}
    >
      {t('deleteAbout')}
    </Confirm>
  );
}
