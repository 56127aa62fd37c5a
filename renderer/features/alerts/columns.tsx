import { createColumnHelper } from '@tanstack/react-table';
import { useMemo } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Age } from '#renderer/ui/time.tsx';
import { Checkbox } from '#renderer/ui/toggles.tsx';
import type { features } from './alert-row.tsx';
import { NameCell, OwnerCell, ValueCell } from './cells.tsx';
import { words } from './words.ts';

const column = createColumnHelper<typeof features, FeedAlert>();

/** Returns the columns of the alert list. @param history true for resolved alerts, whose age counts from their resolution */
export function useColumns(history: boolean) {
  const t = useText(words);
  return useMemo(
    () => [
      column.display({
        id: 'check',
        header: ({ table }) => (
          <Checkbox
            aria-label={t('selectAll')}
            checked={table.getIsAllRowsSelected() || (table.getIsSomeRowsSelected() ? 'indeterminate' : false)}
            onCheckedChange={() => table.toggleAllRowsSelected()}
          />
        ),
        cell: ({ row }) => (
          <Checkbox
            aria-label={t('select', { name: row.original.ruleName })}
            checked={row.getIsSelected()}
            onClick={(event) => {
              event.stopPropagation();
              row.getToggleSelectedHandler()({ target: { checked: !row.getIsSelected() }, shiftKey: event.shiftKey });
            }}
          />
        ),
      }),
      column.display({
        id: 'urgency',
        header: t('severity'),
        cell: ({ row: { original } }) => (
          <SeveritySymbol
            severity={original.severity}
            hollow={original.state === 'RESOLVED' || original.acknowledgement !== null}
            className="@max-lg:[&>span]:sr-only"
          />
        ),
      }),
      column.display({ id: 'name', header: t('name'), cell: ({ row }) => <NameCell alert={row.original} /> }),
      column.display({ id: 'value', header: t('value'), cell: ({ row }) => <ValueCell alert={row.original} /> }),
      column.display({
        id: 'age',
        header: t(history ? 'resolvedAt' : 'age'),
        cell: ({ row: { original } }) => (
          <Age bare={!history} at={history ? original.resolvedAt : original.firedAt} className="text-muted" />
        ),
      }),
      column.display({ id: 'owner', header: t('owner'), cell: ({ row }) => <OwnerCell alert={row.original} /> }),
    ],
    [t, history],
  );
}
