import { memo, type ReactNode, useCallback, useRef } from 'react';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Checkbox } from '#renderer/ui/toggles.tsx';
import type { HeldRows } from '#renderer/ui/use-held-rows.ts';
import { useVirtualRows } from '#renderer/ui/virtual-rows.ts';
import type { RuleRow, RuleSort } from './rule-list.ts';
import { columnStyle, grid, RuleTableRow } from './rule-row.tsx';
import type { RuleTicks } from './use-ticks.ts';
import { words } from './words.ts';

const columns = ['state', 'name', 'chart', 'condition', 'evaluated', 'fired', 'noise', 'owner'] as const satisfies readonly RuleSort[];

interface RuleTableProps {
  list: HeldRows<RuleRow>;
  sort: RuleSort;
  reverse: boolean;
  onSort: (sort: RuleSort) => void;
  selected: string | undefined;
  onSelect: (code: string) => void;
  ticks: RuleTicks;
}

/** The rules, one line each; only visible rows are rendered. */
export const RuleTable = memo(function RuleTable({ list, sort, reverse, onSort, selected, onSelect, ticks }: RuleTableProps) {
  const t = useText(words);
  const scroller = useRef<HTMLDivElement>(null);
  const { rows } = list;
  const ids = rows.map(({ rule }) => ({ id: rule.code }));
  const { virtual, ruler } = useVirtualRows(ids, selected ?? null, scroller);
  const latest = useRef({ onSelect, onTick: ticks.toggle });
  latest.current = { onSelect, onTick: ticks.toggle };
  const select = useCallback((code: string) => latest.current.onSelect(code), []);
  const tick = useCallback((code: string, isRange: boolean) => latest.current.onTick(code, isRange), []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element, its rows are positioned by code
    <div role="grid" aria-label={t('title')} aria-rowcount={rows.length + 1} className="@container flex min-h-0 flex-1 flex-col">
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the head is passed over, its buttons take the focus */}
      <div role="row" className={cn(grid, 'h-8 shrink-0 border-b bg-surface text-faint text-sm')}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the checkbox inside takes the focus */}
        <div role="columnheader" className={cn('px-2', columnStyle('check'))}>
          <Checkbox aria-label={t('selectAll')} checked={ticks.all} onCheckedChange={ticks.toggleAll} />
        </div>
        {columns.map((id) => (
          <Head key={id} id={id} order={sort === id ? (reverse ? 'descending' : 'ascending') : undefined} onSort={onSort}>
            {t(`column_${id}`)}
          </Head>
        ))}
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto overscroll-contain" {...list.pointer}>
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          <div ref={ruler} className="pointer-events-none absolute h-row" />
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const { code } = row.rule;
            const marks = { isOpen: code === selected, isChecked: ticks.checked.has(code), belongs: list.belongs(row) };
            return <RuleTableRow key={code} {...{ row, index, start }} {...marks} onSelect={select} onTick={tick} />;
          })}
        </div>
      </div>
    </div>
  );
});

interface HeadProps {
  id: RuleSort;
  /** Undefined if the list isn't sorted by this column. */
  order: 'ascending' | 'descending' | undefined;
  onSort: (sort: RuleSort) => void;
  children: ReactNode;
}

function Head({ id, order, onSort, children }: HeadProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus
    <div role="columnheader" aria-sort={order} className={cn('min-w-0 truncate px-2', columnStyle(id))}>
      <button type="button" onClick={() => onSort(id)} className={cn('hover:text-foreground', order && 'font-semibold text-muted')}>
        {/* The column of symbols is narrower than its name. */}
        <span className={cn(id === 'state' && '@max-lg:sr-only')}>{children}</span>
        {order && <span aria-hidden="true">{order === 'ascending' ? ' ↓' : ' ↑'}</span>}
      </button>
    </div>
  );
}
