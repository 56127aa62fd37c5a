import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, Copy } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { ChartSeries, Stretch } from '#renderer/charts/index.ts';
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

/** At most this many columns, as many as a person can read; the legend chooses among more. */
const maxLines = 24;
/** Maximum number of rows that can be copied without stalling the window. */
const maxRowsCopied = 50_000;
/** 'at' or the id of a line. */
type Sort = { by: string; down: boolean };

interface ValuesTableProps {
  lines: readonly ChartSeries[];
  stretch: Stretch;
  unit: string;
}

/** Every value on screen, one row a time, with that time in UTC and local: sorted by a click on a heading, copied as a whole. */
export function ValuesTable({ lines, stretch, unit }: ValuesTableProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const scroller = useRef<HTMLDivElement>(null);
  const [sort, setSort] = useState<Sort>({ by: 'at', down: true });
  const shown = useMemo(() => cut(lines.slice(0, maxLines), stretch), [lines, stretch]);
  const order = useMemo(() => ordered(shown, sort), [shown, sort]);
  const decimals = useMemo(
    () =>
      decimalsIn(
        shown.map((line) => statsOf(line, stretch)),
        unit,
      ),
    [shown, stretch, unit],
  );
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const virtual = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 1.75 * rem,
    overscan: 20,
  });
  const zone = formatZone(stretch.to, 'local');
  // On a desk that lives by UTC both clocks would say the same.
  const twoClocks = zone !== 'UTC';
  const grid = { gridTemplateColumns: `repeat(${twoClocks ? 2 : 1}, minmax(10.5rem, 1fr)) repeat(${shown.length}, minmax(6rem, 9rem))` };
  const time = (at: number, clock: 'utc' | 'local') => formatDateTime(at, { language, clock });
  const copy = async () => {
    const head = [t('timeUtc'), t('timeLocal'), ...shown.map(({ name }) => name)];
    const rows = Array.from(order.subarray(0, maxRowsCopied), (at) => [
      new Date(at).toISOString(),
      time(at, 'local'),
      ...shown.map((line) => valueAt(line, at)),
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
      ...(order.length > maxRowsCopied ? { detail: t('copyPart', { count: maxRowsCopied }) } : {}),
    });
  };
  const heading = (by: string, label: string, numeric: boolean) => (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list can't be a table element, its rows are placed by hand
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus
    <div
      key={by}
      role="columnheader"
      aria-sort={sort.by === by ? (sort.down ? 'descending' : 'ascending') : 'none'}
      className="min-w-0 px-2"
    >
      <button
        type="button"
        className={`flex w-full min-w-0 items-center gap-1 hover:text-foreground ${numeric ? 'justify-end' : ''}`}
        onClick={() => setSort((before) => ({ by, down: before.by === by ? !before.down : true }))}
      >
        <bdi className="truncate">{label}</bdi>
        {sort.by === by && (sort.down ? <ArrowDown className="size-3 shrink-0" /> : <ArrowUp className="size-3 shrink-0" />)}
      </button>
    </div>
  );
  return (
    <section aria-label={t('values')} className="flex h-full min-h-0 flex-col">
      <div className="flex items-center gap-2 px-2 text-faint text-sm">
        <span className="flex-1">
          {t('rows', { count: order.length })}
          {lines.length > maxLines && ` · ${t('firstLines', { count: maxLines })}`}
        </span>
        <Button variant="ghost" size="icon-sm" aria-label={t('copyTable')} tooltip={t('copyTable')} onClick={() => void copy()}>
          <Copy className="size-3.5" />
        </Button>
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div role="table" aria-rowcount={order.length + 1} className="min-w-fit">
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: the buttons inside take the focus */}
          <div role="row" style={grid} className="sticky top-0 z-10 grid h-8 items-center border-b bg-surface text-faint text-sm">
            {heading('at', t('timeUtc'), false)}
            {/* biome-ignore lint/a11y/useSemanticElements: as above */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: nothing to do here */}
            {twoClocks && <div role="columnheader" className="truncate px-2">{`${t('timeLocal')} (${zone})`}</div>}
            {shown.map((line) => heading(line.id, line.name, true))}
          </div>
          <div className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const at = order[item.index] ?? 0;
              return (
                // biome-ignore lint/a11y/useSemanticElements: as above
                // biome-ignore lint/a11y/useFocusableInteractive: rows are read, not used
                <div
                  key={at}
                  role="row"
                  aria-rowindex={item.index + 2}
                  className="absolute inset-x-0 top-0 grid h-7 items-center border-b hover:bg-hover"
                  style={{ ...grid, transform: `translateY(${item.start}px)` }}
                >
                  <Cell>{time(at, 'utc')}</Cell>
                  {twoClocks && <Cell className="text-muted">{time(at, 'local')}</Cell>}
                  {shown.map((line) => {
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
            })}
          </div>
        </div>
      </div>
    </section>
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

/** The times in the order asked for: by time, or by the value a line has there; times without one stand last. */
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
