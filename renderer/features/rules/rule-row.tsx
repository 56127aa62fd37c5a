import { memo, type ReactNode } from 'react';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Checkbox } from '#renderer/ui/toggles.tsx';
import { EvaluatedCell, FiredCell, NameCell, NoiseCell, OwnerCell, StateCell } from './cells.tsx';
import type { RuleRow } from './rule-list.ts';
import { words } from './words.ts';

/** All columns in a wide list; in narrower ones those that matter least are left out, see `columnStyle`. */
export const grid =
  'grid items-center grid-cols-[2rem_6.75rem_minmax(11rem,1.3fr)_minmax(7rem,0.7fr)_minmax(12rem,1.4fr)_5.5rem_5.5rem_7rem_minmax(5rem,0.6fr)] @max-6xl:grid-cols-[2rem_6.75rem_minmax(10rem,1.2fr)_minmax(11rem,1.3fr)_5.5rem_5.5rem_6rem_minmax(4.5rem,0.6fr)] @max-4xl:grid-cols-[2rem_6.75rem_minmax(9rem,1.1fr)_minmax(9rem,1.2fr)_5rem_5.25rem_5.5rem] @max-2xl:grid-cols-[2rem_6.5rem_minmax(7rem,1fr)_5.25rem_5.5rem] @max-lg:grid-cols-[2rem_1.75rem_minmax(6rem,1fr)_5rem_5rem] @max-sm:grid-cols-[2rem_1.75rem_minmax(6rem,1fr)_5rem]';

export type ColumnId = 'check' | 'state' | 'name' | 'chart' | 'condition' | 'evaluated' | 'fired' | 'noise' | 'owner';

/** Aligns numbers at the end, and says which columns a narrow list leaves out. */
export function columnStyle(id: ColumnId): string {
  const styles: Partial<Record<ColumnId, string>> = {
    check: 'grid place-content-center',
    chart: '@max-6xl:hidden',
    owner: '@max-4xl:hidden',
    condition: '@max-2xl:hidden',
    evaluated: 'text-end @max-2xl:hidden',
    fired: 'text-end',
    noise: '@max-sm:hidden',
  };
  return styles[id] ?? '';
}

interface RuleRowProps {
  row: RuleRow;
  index: number;
  /** Distance from the top of the list, px. */
  start: number;
  isOpen: boolean;
  isChecked: boolean;
  belongs: boolean;
  onSelect: (code: string) => void;
  /** @param isRange true to tick all rows from the last one ticked */
  onTick: (code: string, isRange: boolean) => void;
}

/** One rule. Renders again only when it, its position or its marks change, because typing in the search renders the whole list. */
export const RuleTableRow = memo(function RuleTableRow(props: RuleRowProps) {
  const { row, index, start, isOpen, isChecked, belongs, onSelect, onTick } = props;
  const { rule, state } = row;
  const t = useText(words);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element, its rows are positioned by code
    <div
      role="row"
      tabIndex={isOpen ? 0 : -1}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      className={cn(
        grid,
        'absolute inset-x-0 top-0 h-row cursor-default border-b hover:bg-hover',
        isChecked && 'bg-hover',
        isOpen && 'bg-selected shadow-[inset_2px_0_0] shadow-accent hover:bg-selected rtl:shadow-[inset_-2px_0_0]',
        state === 'paused' && 'text-muted',
        !belongs && 'opacity-60',
      )}
      style={{ transform: `translateY(${start}px)` }}
      onClick={(event) => {
        if (event.shiftKey || event.ctrlKey || event.metaKey) onTick(rule.code, event.shiftKey);
        else onSelect(rule.code);
      }}
      onKeyDown={(event) => {
        // A focused element inside the row handles these keys itself.
        if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return;
        event.preventDefault();
        event.stopPropagation();
        onSelect(rule.code);
      }}
    >
      <Cell id="check">
        <Checkbox
          aria-label={t('select', { name: rule.name })}
          checked={isChecked}
          onClick={(event) => {
            event.stopPropagation();
            onTick(rule.code, event.shiftKey);
          }}
        />
      </Cell>
      <Cells row={row} />
    </div>
  );
});

function Cells({ row }: { row: RuleRow }) {
  return (
    <>
      <Cell id="state">
        <StateCell {...row} className="@max-lg:[&>span:last-child]:sr-only" />
      </Cell>
      <Cell id="name">
        <NameCell {...row} />
      </Cell>
      <Cell id="chart">
        <bdi className="block truncate text-muted">{row.chartTitle}</bdi>
      </Cell>
      <Cell id="condition">
        <span className="block truncate text-muted" title={row.condition}>
          {row.condition}
        </span>
      </Cell>
      <Cell id="evaluated">
        <EvaluatedCell rule={row.rule} />
      </Cell>
      <Cell id="fired">
        <FiredCell rule={row.rule} />
      </Cell>
      <Cell id="noise">
        <NoiseCell noise={row.noise} rank={row.rank} />
      </Cell>
      <Cell id="owner">
        <OwnerCell rule={row.rule} />
      </Cell>
    </>
  );
}

function Cell({ id, children }: { id: ColumnId; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element
    // biome-ignore lint/a11y/useFocusableInteractive: the row takes the focus
    <div role="gridcell" className={cn('min-w-0 px-2', columnStyle(id))}>
      {children}
    </div>
  );
}
