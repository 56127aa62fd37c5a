import { useMutation } from '@tanstack/react-query';
import type { Chart } from '#common/contract/charts.ts';
import { useChartUsage, useConsole } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { ErrorState } from '#renderer/ui/states.tsx';
import { UsageList } from './usage.tsx';
import { words } from './words.ts';

interface DeleteDialogProps {
  connectionId: string;
  chart: Chart;
  onClose: () => void;
  onDeleted: () => void;
}

/** Asks before deleting a chart. If it is in use, says where and doesn't delete it. */
export function DeleteDialog({ connectionId, chart, onClose, onDeleted }: DeleteDialogProps) {
  const t = useText(words);
  const { charts } = useConsole();
  const usage = useChartUsage(connectionId);
  const remove = useMutation({ mutationFn: () => charts.remove({ connectionId, code: chart.code }), onSuccess: onDeleted });
  const known = usage.data?.value != null;
  const users = usage.data?.value?.[chart.code];
  const used = users !== undefined;
  const reason = usage.isPending
    ? t('deleteChecking')
    : !known
      ? t('deleteUnknown')
      : used
        ? t('deleteUsed')
        : remove.isPending
          ? t('deleting')
          : undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('deleteTitle', { title: chart.title })}
      description={used ? t('deleteUsed') : known ? t('deleteAbout') : usage.isPending ? t('deleteChecking') : t('deleteUnknown')}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="danger" disabledReason={reason} onClick={() => remove.mutate()}>
            {t('delete')}
          </Button>
        </>
      }
    >
      {users && <UsageList connectionId={connectionId} usage={users} />}
      {remove.error && <ErrorState title={t('deleteFailed')} error={remove.error} className="px-0" />}
    </Dialog>
  );
}
