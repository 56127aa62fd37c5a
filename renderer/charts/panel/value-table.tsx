import { ArrowDown, ArrowUp, Copy } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { sharedDecimals } from '#common/format.ts';
import type { Interval } from '#common/time/intervals.ts';
import { seriesVariable } from '#renderer/charts/plot/theme.ts';
import { severityOf } from '#renderer/charts/plot/thresholds.ts';
import type { ChartSeries } from '#renderer/charts/plot/types.ts';
import { words } from '#renderer/charts/plot/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { toClipboardTable } from '#renderer/ui/export.ts';
import { formatParts } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Table, TableCell, TableHead, TableRow } from '#renderer/ui/table.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { Name } from './name.tsx';
import { Old } from './old.tsx';
import { sharedLength } from './shared-length.ts';
import { staleSince } from './staleness.ts';
import { type Stats, statsOf } from './stats.ts';

const figures = ['last', 'min', 'avg', 'max', 'change'] as const;
type Figure = (typeof figures)[number];
type Sort = { by: Figure | 'name'; down: boolean };

interface TableLine extends Stats {
  id: string;
  name: string;
  place: number;
  /** When its source fell silent, ms; null while it reports. */
  staleSince: number | null;
}

/** Sorts lines; those without a value are last in either direction. */
function sortLines(lines: readonly TableLine[], { by, down }: Sort): TableLine[] {
  const sign = down ? -1 : 1;
  return [...lines].sort((a, b) => {
    if (by === 'name') return sign * a.name.localeCompare(b.name, 'en', { numeric: true });
    const [x, y] = [a[by], b[by]];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}

interface ValueTableProps {
  definition: ChartDrawing;
  lines: readonly ChartSeries[];
  interval: Interval;
  bucketMs: number;
  /** When the picture ends: now, or the end of a range in the past, ms. */
  end: number;
}

/** Statistics of every line over the range: sortable, and copied as tab-separated text with all digits. */
export function ValueTable({ definition, lines, interval, bucketMs, end }: ValueTableProps) {
  const t = useText(words);
  const { rows, sort, setSort } = useSortedLines({ lines, interval, bucketMs, end });
  const shared = sharedLength(lines.map(({ name }) => name));
  const values = rows.flatMap(({ last, min, avg, max }) => [last, min, avg, max].filter((value) => value !== null));
  const decimals = definition.decimals ?? sharedDecimals(values, definition.unit);
  const head = (by: Sort['by']) => (
    <TableHead key={by} numeric={by !== 'name'} aria-sort={sort.by === by ? (sort.down ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        className="inline-flex items-center gap-1 hover:text-foreground"
        onClick={() => setSort((before) => ({ by, down: before.by === by ? !before.down : by !== 'name' }))}
      >
        {t(by === 'name' ? 'series' : by)}
        {sort.by === by && (sort.down ? <ArrowDown className="size-3" /> : <ArrowUp className="size-3" />)}
      </button>
    </TableHead>
  );
  return (
    <div className="relative size-full overflow-auto">
      <Table>
        <thead>
          <tr>
            {head('name')}
            {figures.map(head)}
            <TableHead numeric className="w-8 px-1">
              <CopyButton rows={rows} />
            </TableHead>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.id} row={row} definition={definition} decimals={decimals} shared={shared} end={end} />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

/** Returns the lines with their statistics, sorted. */
function useSortedLines({ lines, interval, bucketMs, end }: Omit<ValueTableProps, 'definition'>) {
  const [sort, setSort] = useState<Sort>({ by: 'last', down: true });
  const unsorted = useMemo(
    () =>
      lines.map(({ id, name, place, ...columns }) => ({
        id,
        name,
        place,
        ...statsOf(columns, interval),
        staleSince: staleSince(columns, bucketMs, end),
      })),
    [lines, interval, bucketMs, end],
  );
  const rows = useMemo(() => sortLines(unsorted, sort), [unsorted, sort]);
  return { rows, sort, setSort };
}

function CopyButton({ rows }: { rows: readonly TableLine[] }) {
  const t = useText(words);
  const copy = async () => {
    const head = [t('series'), ...figures.map((one) => t(one))];
    const body = rows.map((row) => [row.name, ...figures.map((one) => row[one])]);
    await navigator.clipboard.writeText(toClipboardTable([head, ...body]));
    toast({ message: t('valuesCopied', { count: rows.length }), lastsMs: 2_000 });
  };
  return (
    <Button size="icon-sm" variant="ghost" aria-label={t('copyValues')} tooltip={t('copyValues')} onClick={() => void copy()}>
      <Copy className="size-3.5" />
    </Button>
  );
}

interface LineProps extends Pick<ValueTableProps, 'definition' | 'end'> {
  row: TableLine;
  decimals: number | undefined;
  /** Length of the prefix that all names share. */
  shared: number;
}

/** One line with its statistics, faint and hatched while its source is silent. */
function Line({ row, definition, decimals, shared, end }: LineProps) {
  const isStale = row.staleSince !== null;
  return (
    <TableRow className={cn(isStale && 'text-faint')}>
      <TableCell className={cn('w-full min-w-24 max-w-0', isStale && 'hatched-edge ps-4')}>
        <span className="flex min-w-0 items-center gap-2">
          <span className="h-0.5 w-3 shrink-0 rounded-full" style={{ background: seriesVariable(row.place) }} />
          <Name name={row.name} shared={shared} />
          {row.staleSince !== null && <Old since={row.staleSince} end={end} className="shrink-0" />}
        </span>
      </TableCell>
      {figures.map((one) => {
        const parts = formatParts(row[one], definition.unit, decimals, one === 'change');
        const severity = one === 'last' && !isStale ? severityOf(row.last, definition.thresholds) : null;
        return (
          <TableCell key={one} numeric>
            <span dir="ltr" style={severity ? { color: `var(--${severity.toLowerCase()})` } : undefined}>
              {parts.figures} <span className="text-faint text-sm">{parts.unit}</span>
            </span>
          </TableCell>
        );
      })}
      <TableCell className="px-1" />
    </TableRow>
  );
}
