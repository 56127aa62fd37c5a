import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, Copy } from 'lucide-react';
import { type CSSProperties, useMemo, useRef, useState } from 'react';
import type { Interval } from '#common/time/intervals.ts';
import type { ChartSeries } from '#renderer/charts/index.ts';
import { statsOf } from '#renderer/charts/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { toClipboardTable } from '#renderer/ui/export.ts';
import { formatDateTime, formatParts, formatZone } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { decimalsIn } from './legend.tsx';
import { cut, timesOf, valueAt } from './lines.ts';
import { words } from './words.ts';

/** Maximum number of columns that are readable; the legend chooses among more. */
const maxLines = 24;
/** Maximum number of rows that can be copied without stalling the window. */
const maxRowsCopied = 50_000;
/** 'at' or the id of a line. */
type Sort = { by: string; down: boolean };

interface ValuesTableProps {
  lines: readonly ChartSeries[];
  interval: Interval;
  unit: string;
}

/** Every value on screen, one row per time, in UTC and local time. Sorted by a click on a heading, copied as a whole. */
export function ValuesTable({ lines, interval, unit }: ValuesTableProps) {
  const t = useText(words);
  const scroller = useRef<HTMLDivElement>(null);
  const { shown, times, sort, setSort } = useSortedValues(lines, interval);
  const stats = useMemo(() => shown.map((line) => statsOf(line, interval)), [shown, interval]);
  const decimals = useMemo(() => decimalsIn(stats, unit), [stats, unit]);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const virtual = useVirtualizer({
    count: times.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 1.75 * rem,
    overscan: 20,
  });
  const zone = formatZone(interval.to, 'local');
  // If the console's time zone is UTC, both clocks would be equal.
  const twoClocks = zone !== 'UTC';
  const grid = { gridTemplateColumns: `repeat(${twoClocks ? 2 : 1}, minmax(10.5rem, 1fr)) repeat(${shown.length}, minmax(6rem, 9rem))` };
  return (
    <section aria-label={t('values')} className="flex h-full min-h-0 flex-col">
      <div className="flex items-center gap-2 px-2 text-faint text-sm">
        <span className="flex-1">
          {t('rows', { count: times.length })}
          {lines.length > maxLines && ` · ${t('firstLines', { count: maxLines })}`}
        </span>
        <CopyButton lines={shown} times={times} />
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
        {/* biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element, its rows are positioned by code */}
        <div role="table" aria-rowcount={times.length + 1} className="min-w-fit">
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: the buttons inside take the focus */}
          <div role="row" style={grid} className="sticky top-0 z-10 grid h-8 items-center border-b bg-surface text-faint text-sm">
            <SortHeading by="at" label={t('timeUtc')} sort={sort} onSort={setSort} />
            {/* biome-ignore lint/a11y/useSemanticElements: as above */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: nothing to do here */}
            {twoClocks && <div role="columnheader" className="truncate px-2">{`${t('timeLocal')} (${zone})`}</div>}
            {shown.map(({ id, name }) => (
              <SortHeading key={id} by={id} label={name} sort={sort} onSort={setSort} numeric />
            ))}
          </div>
          <div className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => (
              <ValuesRow
                key={times[item.index] ?? 0}
                at={times[item.index] ?? 0}
                lines={shown}
                unit={unit}
                decimals={decimals}
                twoClocks={twoClocks}
                rowIndex={item.index + 2}
                style={{ ...grid, transform: `translateY(${item.start}px)` }}
              />
            ))}
          </div>
        </div>
      </div>
    </section>
  );
}

/** Returns the lines that have a column, their points in the range, and the sorted times. */
function useSortedValues(lines: readonly ChartSeries[], interval: Interval) {
  const [sort, setSort] = useState<Sort>({ by: 'at', down: true });
  const shown = useMemo(() => cut(lines.slice(0, maxLines), interval), [lines, interval]);
  const times = useMemo(() => ordered(shown, sort), [shown, sort]);
  return { shown, times, sort, setSort };
}

/** Copies the table in a spreadsheet format, limited to as many rows as a window can copy without stalling. */
function CopyButton({ lines, times }: { lines: readonly ChartSeries[]; times: Float64Array }) {
  const t = useText(words);
  const { language } = usePreferences();
  const copy = async () => {
    const head = [t('timeUtc'), t('timeLocal'), ...lines.map(({ name }) => name)];
    const rows = Array.from(times.subarray(0, maxRowsCopied), (at) => [
      new Date(at).toISOString(),
      formatDateTime(at, { language, clock: 'local' }),
      ...lines.map((line) => valueAt(line, at)),
    ]);
    try {
      await navigator.clipboard.writeText(toClipboardTable([head, ...rows]));
    } catch (error) {
      toastError(t('copyTable'), error);
      return;
    }
    toast({
      message: t('tableCopied', { count: rows.length }),
      lastsMs: 3_000,
      ...(times.length > maxRowsCopied ? { detail: t('copyPart', { count: maxRowsCopied }) } : {}),
    });
  };
  return (
    <Button variant="ghost" size="icon-sm" aria-label={t('copyTable')} tooltip={t('copyTable')} onClick={() => void copy()}>
      <Copy className="size-3.5" />
    </Button>
  );
}

interface SortHeadingProps {
  by: Sort['by'];
  label: string;
  sort: Sort;
  onSort: (sort: Sort) => void;
  numeric?: boolean;
}

function SortHeading({ by, label, sort, onSort, numeric = false }: SortHeadingProps) {
  const isSorted = sort.by === by;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element, its rows are positioned by code
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus
    <div role="columnheader" aria-sort={isSorted ? (sort.down ? 'descending' : 'ascending') : 'none'} className="min-w-0 px-2">
      <button
        type="button"
        className={`flex w-full min-w-0 items-center gap-1 hover:text-foreground ${numeric ? 'justify-end' : ''}`}
        onClick={() => onSort({ by, down: isSorted ? !sort.down : true })}
      >
        <bdi className="truncate">{label}</bdi>
        {isSorted && (sort.down ? <ArrowDown className="size-3 shrink-0" /> : <ArrowUp className="size-3 shrink-0" />)}
      </button>
    </div>
  );
}

interface ValuesRowProps {
  /** epoch ms */
  at: number;
  lines: readonly ChartSeries[];
  unit: string;
  decimals: number | undefined;
  twoClocks: boolean;
  rowIndex: number;
  style: CSSProperties;
}

/** One time, with the value of each line. */
function ValuesRow({ at, lines, unit, decimals, twoClocks, rowIndex, style }: ValuesRowProps) {
  const { language } = usePreferences();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element, its rows are positioned by code
    // biome-ignore lint/a11y/useFocusableInteractive: rows are read, not used
    <div
      role="row"
      aria-rowindex={rowIndex}
      className="absolute inset-x-0 top-0 grid h-7 items-center border-b hover:bg-hover"
      style={style}
    >
      <Cell>{formatDateTime(at, { language, clock: 'utc' })}</Cell>
      {twoClocks && <Cell className="text-muted">{formatDateTime(at, { language, clock: 'local' })}</Cell>}
      {lines.map((line) => {
        const { figures, unit: scaled } = formatParts(valueAt(line, at), unit, decimals);
        return (
          <Cell key={line.id} className="text-end">
            <span dir="ltr">
              {figures} <span className="text-faint text-sm">{scaled}</span>
            </span>
          </Cell>
        );
      })}
    </div>
  );
}

function Cell({ className = '', children }: { className?: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element
    <div role="cell" className={`truncate px-2 tabular-nums ${className}`}>
      {children}
    </div>
  );
}

/** Sorts the times: by time, or by the value of a line; times without a value are last. */
function ordered(lines: readonly ChartSeries[], { by, down }: Sort): Float64Array {
  const times = timesOf(lines);
  const line = lines.find(({ id }) => id === by);
  if (!line) return down ? times.reverse() : times;
  const value = (at: number) => valueAt(line, at) ?? Number.NaN;
  const values = new Map(Array.from(times, (at) => [at, value(at)]));
  const sign = down ? -1 : 1;
  return times.sort((a, b) => {
    const [x, y] = [values.get(a) ?? Number.NaN, values.get(b) ?? Number.NaN];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    return sign * (x - y) || a - b;
  });
}
