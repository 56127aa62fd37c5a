import { type RowSelectionState, type Updater, useTable } from '@tanstack/react-table';
import { ArrowDownUp } from 'lucide-react';
import { memo, type ReactNode, useCallback, useRef } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useVirtualRows } from '#renderer/ui/virtual-rows.ts';
import { AlertRow, cellStyle, features, grid } from './alert-row.tsx';
import { useColumns } from './columns.tsx';
import type { Sort } from './views.ts';
import { words } from './words.ts';

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
  const { virtual, ruler } = useVirtualRows(list, selected, scroller);
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

const sortable: Readonly<Record<string, Sort>> = { urgency: 'urgency', name: 'name', age: 'age', owner: 'owner' };

/** A head that is an icon where its column only has room for one. */
const NarrowHead = ({ children }: { children: ReactNode }) => (
  <>
    <span className="@max-lg:sr-only">{children}</span>
    <ArrowDownUp aria-hidden="true" size="0.75rem" className="hidden @max-lg:block" />
  </>
);

function Head({ id, sort, onSort, children }: { id: string; sort: Sort; onSort: (sort: Sort) => void; children: ReactNode }) {
  const by = sortable[id];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus
    <div
      role="columnheader"
      aria-sort={by !== undefined && sort === by ? 'ascending' : undefined}
      className={cn('min-w-0 truncate px-2', id === 'urgency' && '@max-lg:text-clip', cellStyle(id))}
    >
      {by === undefined ? (
        children
      ) : (
        <button type="button" onClick={() => onSort(by)} className={cn('hover:text-foreground', sort === by && 'font-semibold text-muted')}>
          {id === 'urgency' ? <NarrowHead>{children}</NarrowHead> : children}
        </button>
      )}
    </div>
  );
}
