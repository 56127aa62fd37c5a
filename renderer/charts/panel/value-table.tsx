import { ArrowDown, ArrowUp, Copy } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { sharedDecimals } from '#common/format.ts';
import type { Stretch } from '#renderer/charts/plot/range.ts';
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

export interface TableLine extends Stats {
  id: string;
  name: string;
  place: number;
  /** Since when its source has been silent, ms; null while it is not. */
  staleSince: number | null;
}

/** Lines in the order asked for; those without a value stand last either way. */
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
  stretch: Stretch;
  bucketMs: number;
  /** When the picture ends: now, or the end of a range in the past, ms. */
  end: number;
}

/** The figures of every line over the range: sortable, and copied as tab-separated text with full digits. */
export function ValueTable({ definition, lines, stretch, bucketMs, end }: ValueTableProps) {
  const t = useText(words);
  const [sort, setSort] = useState<Sort>({ by: 'last', down: true });
  const rows = useMemo(
    () =>
      lines.map(({ id, name, place, ...columns }) => ({
        id,
        name,
        place,
        ...statsOf(columns, stretch),
        staleSince: staleSince(columns, bucketMs, end),
      })),
    [lines, stretch, bucketMs, end],
  );
  const shown = useMemo(() => sortLines(rows, sort), [rows, sort]);
  const shared = sharedLength(lines.map(({ name }) => name));
  const decimals =
    definition.decimals ??
    sharedDecimals(
      rows.flatMap(({ last, min, avg, max }) => [last, min, avg, max].filter((value) => value !== null)),
      definition.unit,
    );
  const copy = async () => {
    const head = [t('series'), ...figures.map((one) => t(one))];
    const body = shown.map((row) => [row.name, ...figures.map((one) => row[one])]);
    await navigator.clipboard.writeText(toClipboardTable([head, ...body]));
    toast({ message: t('valuesCopied', { count: shown.length }), lastsMs: 2_000 });
  };
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
              <Button size="icon-sm" variant="ghost" aria-label={t('copyValues')} tooltip={t('copyValues')} onClick={() => void copy()}>
                <Copy className="size-3.5" />
              </Button>
            </TableHead>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <TableRow key={row.id} className={cn(row.staleSince !== null && 'text-faint')}>
              <TableCell className={cn('w-full min-w-24 max-w-0', row.staleSince !== null && 'hatched-edge ps-4')}>
                <span className="flex min-w-0 items-center gap-2">
                  <span className="h-0.5 w-3 shrink-0 rounded-full" style={{ background: seriesVariable(row.place) }} />
                  <Name name={row.name} shared={shared} />
                  {row.staleSince !== null && <Old since={row.staleSince} end={end} className="shrink-0" />}
                </span>
              </TableCell>
              {figures.map((one) => {
                const parts = formatParts(row[one], definition.unit, decimals, one === 'change');
                const severity = one === 'last' && row.staleSince === null ? severityOf(row.last, definition.thresholds) : null;
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
          ))}
        </tbody>
      </Table>
    </div>
  );
}
