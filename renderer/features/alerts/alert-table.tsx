import { createColumnHelper, type RowSelectionState, type Updater, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Age } from '#renderer/ui/time.tsx';
import { Checkbox } from '#renderer/ui/toggles.tsx';
import { AlertRow, cellStyle, features, grid } from './alert-row.tsx';
import { NameCell, OwnerCell, ValueCell } from './cells.tsx';
import type { Sort } from './views.ts';
import { words } from './words.ts';

/** Until it has been measured. */
const defaultRowPx = 36;

const column = createColumnHelper<typeof features, FeedAlert>();

interface AlertTableProps {
  rows: FeedAlert[];
  history: boolean;
  sort: Sort;
  onSort: (sort: Sort) => void;
  selected: string | null;
  onSelect: (alert: FeedAlert) => void;
  checked: RowSelectionState;
  onChecked: (next: Updater<RowSelectionState>) => void;
  belongs: (alert: FeedAlert) => boolean;
  pointer: { onPointerMove: () => void; onPointerLeave: () => void };
}

/** The alerts of a view, one line each; thousands are as light as ten. Drawn anew only when what it shows changes. */
export const AlertTable = memo(function AlertTable(props: AlertTableProps) {
  const { rows, history, sort, onSort, selected, onSelect, checked, onChecked, belongs } = props;
  const t = useText(words);
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useMemo(
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
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: alertKey,
    state: { rowSelection: checked },
    onRowSelectionChange: onChecked,
  });
  const list = table.getRowModel().rows;
  const ruler = useRef<HTMLDivElement>(null);
  const rowPx = useHeight(ruler);
  const latest = useRef(onSelect);
  latest.current = onSelect;
  const select = useCallback((alert: FeedAlert) => latest.current(alert), []);
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => list[index]?.id ?? index,
    overscan: 12,
  });

  useLayoutEffect(() => {
    if (rowPx > 0) virtual.measure();
  }, [rowPx, virtual]);

  const place = list.findIndex((row) => row.id === selected);
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place, { align: 'auto' });
  }, [place, virtual]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element, its rows are placed by hand
    <div role="grid" aria-label={t('title')} aria-rowcount={list.length + 1} className="@container flex min-h-0 flex-1 flex-col">
      {table.getHeaderGroups().map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: the head is passed over, its buttons take the focus
        <div key={group.id} role="row" className={cn(grid, 'h-8 shrink-0 border-b bg-surface text-faint text-sm')}>
          {group.headers.map((header) => (
            <Head key={header.id} id={header.column.id} sort={sort} onSort={onSort}>
              <table.FlexRender header={header} />
            </Head>
          ))}
        </div>
      ))}
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto overscroll-contain" {...props.pointer}>
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          <div ref={ruler} className="pointer-events-none absolute h-row" />
          {virtual.getVirtualItems().map((item) => {
            const row = list[item.index];
            if (!row) return null;
            return (
              <AlertRow
                key={row.id}
                row={row}
                index={item.index}
                start={item.start}
                isOpen={row.id === selected}
                isChecked={checked[row.id] === true}
                belongs={belongs(row.original)}
                onSelect={select}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
});

/** The height of an element, px, as sizes of type and rows change. All rows are as high: one is measured for all. */
function useHeight(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(defaultRowPx);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => setHeight((before) => entry?.borderBoxSize[0]?.blockSize ?? before));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return height;
}

const sortable: Readonly<Record<string, Sort>> = { urgency: 'urgency', name: 'name', age: 'age', owner: 'owner' };

function Head({ id, sort, onSort, children }: { id: string; sort: Sort; onSort: (sort: Sort) => void; children: ReactNode }) {
  const by = sortable[id];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus
    <div
      role="columnheader"
      aria-sort={by !== undefined && sort === by ? 'ascending' : undefined}
      className={cn('min-w-0 truncate px-2', cellStyle(id))}
    >
      {by === undefined ? (
        children
      ) : (
        <button type="button" onClick={() => onSort(by)} className={cn('hover:text-foreground', sort === by && 'font-semibold text-muted')}>
          {children}
        </button>
      )}
    </div>
  );
}
