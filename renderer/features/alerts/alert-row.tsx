import { FlexRender, type Row, rowSelectionFeature, tableFeatures } from '@tanstack/react-table';
import { memo } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { severityVariable } from '#renderer/domain/severity.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { useIsRecent } from '#renderer/ui/time.tsx';

export const features = tableFeatures({ rowSelectionFeature });

/** A new or resolved alert is marked for this long, ms. */
const newMs = 120_000;

export const grid =
  'grid grid-cols-[2rem_6.5rem_minmax(8rem,1fr)_10rem_5.5rem_6.5rem] items-center @max-2xl:grid-cols-[2rem_6.25rem_minmax(7rem,1fr)_8.75rem_4.75rem_5.5rem] @max-lg:grid-cols-[2rem_1.5rem_minmax(6rem,1fr)_9rem_5rem]';

/** Aligns numbers at the end, and lets the last columns shrink in a narrow list. */
export function cellStyle(id: string): string {
  if (id === 'value' || id === 'age') return 'text-end';
  if (id === 'owner') return '@max-lg:hidden';
  if (id === 'check') return 'grid place-content-center';
  return '';
}

interface AlertRowProps {
  row: Row<typeof features, FeedAlert>;
  index: number;
  /** Distance from the top of the list, px. */
  start: number;
  isOpen: boolean;
  isChecked: boolean;
  belongs: boolean;
  onSelect: (alert: FeedAlert) => void;
}

/** One alert. Renders again only when it, its position or its marks change, because typing in the filter renders the whole list. */
export const AlertRow = memo(function AlertRow(props: AlertRowProps) {
  const { row, index, start, isOpen, isChecked, belongs, onSelect } = props;
  const alert = row.original;
  const isNew = useIsRecent(alert.resolvedAt ?? alert.firedAt, newMs) && alert.acknowledgement === null;
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
        isNew && 'pulse',
        isChecked && 'bg-hover',
        isOpen && 'bg-selected shadow-[inset_2px_0_0] shadow-accent hover:bg-selected rtl:shadow-[inset_-2px_0_0]',
        !belongs && 'opacity-50',
      )}
      style={{ transform: `translateY(${start}px)`, ['--pulse' as string]: `var(${severityVariable(alert.severity)})` }}
      onClick={(event) => {
        if (event.shiftKey || event.ctrlKey || event.metaKey) {
          row.getToggleSelectedHandler()({ target: { checked: !row.getIsSelected() }, shiftKey: event.shiftKey });
        } else onSelect(alert);
      }}
      onKeyDown={(event) => {
        // A focused element inside the row handles these keys itself.
        if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return;
        event.preventDefault();
        event.stopPropagation();
        onSelect(alert);
      }}
    >
      {row.getAllCells().map((cell) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: the row takes the focus
        <div key={cell.id} role="gridcell" className={cn('min-w-0 px-2', cellStyle(cell.column.id))}>
          <FlexRender cell={cell} />
        </div>
      ))}
    </div>
  );
});
