import { type RowSelectionState, type Updater, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { AlertRow, cellStyle, features, grid } from './alert-row.tsx';
import { useColumns } from './columns.tsx';
import type { Sort } from './views.ts';
import { words } from './words.ts';

/** Height of a row until it is measured. */
const defaultRowPx = 36;

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

/** The alerts of a view, one line each; only visible rows are rendered. Renders again only when its contents change. */
export const AlertTable = memo(function AlertTable(props: AlertTableProps) {
  const { rows, history, sort, onSort, selected, onSelect, checked, onChecked, belongs } = props;
  const t = useText(words);
  const scroller = useRef<HTMLDivElement>(null);
  const table = useTable({
    features,
    columns: useColumns(history),
    data: rows,
    getRowId: alertKey,
    state: { rowSelection: checked },
    onRowSelectionChange: onChecked,
  });
  const list = table.getRowModel().rows;
  const { virtual, ruler } = useRows(list, selected, scroller);
  const latest = useRef(onSelect);
  latest.current = onSelect;
  const select = useCallback((alert: FeedAlert) => latest.current(alert), []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element, its rows are positioned by code
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

/** Positions the visible rows and keeps the selected one in view. `ruler` goes on an element that is as high as a row. */
function useRows(list: readonly { id: string }[], selected: string | null, scroller: RefObject<HTMLElement | null>) {
  const ruler = useRef<HTMLDivElement>(null);
  const rowPx = useHeight(ruler);
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
  return { virtual, ruler };
}

/** Returns the height of an element, px, also when font size or density change. All rows are equally high, so one is measured. */
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
