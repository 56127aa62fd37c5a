import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { Dashboard } from '#common/contract/dashboards.ts';
import { useConsole, useDashboards } from '#renderer/domain/queries/index.ts';
import { Command, CommandEmpty, CommandInput, CommandItem, CommandList } from '#renderer/ui/command.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { Checkbox } from '#renderer/ui/toggles.tsx';
import { words } from './words.ts';

interface AddDialogProps {
  connectionId: string;
  drawing: ChartDrawing;
  /** The library's chart, if the picture is exactly that one. */
  library: { code: string; title: string } | undefined;
  onClose: () => void;
  onAdded: (dashboard: Dashboard) => void;
}

/** Chooses the dashboard that a chart is added to. */
export function AddDialog({ connectionId, drawing, library, onClose, onAdded }: AddDialogProps) {
  const t = useText(words);
  const { charts } = useConsole();
  const list = useDashboards(connectionId);
  const [asLibrary, setAsLibrary] = useState(library !== undefined);
  const panel = library && asLibrary ? { kind: 'library' as const, chart: library.code } : { kind: 'chart' as const, drawing };
  const add = useMutation({
    mutationFn: (dashboard: string) => charts.addToDashboard({ connectionId, dashboard, panel }),
    onSuccess: onAdded,
  });
  const dashboards = list.data?.value ?? [];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('addTitle')} description={t('addAbout')}>
      {library && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is a button, which a label may hold
        <label className="flex items-center gap-2 py-2">
          <Checkbox checked={asLibrary} onCheckedChange={(on) => setAsLibrary(on === true)} />
          {asLibrary ? t('addAsLibrary', { title: library.title }) : t('addAsOwn')}
        </label>
      )}
      {list.isPending && <Loading rows={2} />}
      {list.error && <ErrorState title={t('dashboardsFailed')} error={list.error} retry={() => void list.refetch()} />}
      {list.data && dashboards.length === 0 && <Empty>{t('noDashboards')}</Empty>}
      {dashboards.length > 0 && (
        <Command className="rounded-md border">
          <CommandInput placeholder={t('searchDashboards')} />
          <CommandList>
            <CommandEmpty>{t('noMatch')}</CommandEmpty>
            {dashboards.map(({ code, title, folder }) => (
              <CommandItem key={code} value={code} keywords={[title, folder]} disabled={add.isPending} onSelect={() => add.mutate(code)}>
                <span className="flex-1 truncate">{title}</span>
                <span className="text-faint text-sm">{folder}</span>
              </CommandItem>
            ))}
          </CommandList>
        </Command>
      )}
      {add.error && <ErrorState title={t('addFailed')} error={add.error} className="px-0" />}
    </Dialog>
  );
}
