import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatSigned, formatValue, sharedDecimals } from '#common/format.ts';
import { type Comparison, isDashed, seriesVariable } from '#renderer/charts/index.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Table, TableCell, TableHead, TableRow } from '#renderer/ui/table.tsx';
import type { LegendRow } from './lines.ts';
import { words } from './words.ts';

type Column = 'last' | 'min' | 'avg' | 'max' | 'change' | 'against';
const columns: readonly { id: Column; word: 'lastValue' | 'least' | 'average' | 'most' | 'change' }[] = [
  { id: 'last', word: 'lastValue' },
  { id: 'min', word: 'least' },
  { id: 'avg', word: 'average' },
  { id: 'max', word: 'most' },
  { id: 'change', word: 'change' },
];
type Sort = { by: Column | 'name'; down: boolean };

function sorted(rows: readonly LegendRow[], { by, down }: Sort): LegendRow[] {
  const sign = down ? -1 : 1;
  return [...rows].sort((a, b) => {
    if (by === 'name') return sign * (a.place - b.place);
    const [x, y] = [a[by], b[by]];
    // Lines without a value are last, whichever way the column is sorted.
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}

interface LegendProps {
  rows: readonly LegendRow[];
  unit: string;
  compare: Comparison | undefined;
  onPick: (name: string, add: boolean) => void;
  onHover: (id: string | null) => void;
}

/** The legend as a sortable table with the statistics of the visible interval. A click isolates a line, Shift adds one. */
export function Legend({ rows, unit, compare, onPick, onHover }: LegendProps) {
  const t = useText(words);
  const [sort, setSort] = useState<Sort>({ by: 'name', down: false });
  const by = sort.by === 'against' && !compare ? 'name' : sort.by;
  const list = useMemo(() => sorted(rows, { by, down: sort.down }), [rows, by, sort.down]);
  const decimals = decimalsIn(rows, unit);
  const head = (id: Sort['by'], word: string) => (
    <TableHead key={id} numeric={id !== 'name'} aria-sort={by === id ? (sort.down ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        className="inline-flex items-center gap-1 hover:text-foreground"
        onClick={() => setSort({ by: id, down: by === id ? !sort.down : id !== 'name' })}
      >
        {word}
        {by === id && (sort.down ? <ArrowDown className="size-3" /> : <ArrowUp className="size-3" />)}
      </button>
    </TableHead>
  );
  return (
    <Table aria-label={t('lines')}>
      <thead>
        <tr>
          {head('name', t('name'))}
          {columns.map(({ id, word }) => head(id, t(word)))}
          {compare && head('against', t('against', { when: t(compare) }))}
        </tr>
      </thead>
      <tbody onPointerLeave={() => onHover(null)}>
        {list.map((row) => (
          <LegendLine key={row.id} row={row} unit={unit} decimals={decimals} compare={compare} onPick={onPick} onHover={onHover} />
        ))}
      </tbody>
    </Table>
  );
}

interface LegendLineProps extends Pick<LegendProps, 'unit' | 'compare' | 'onPick' | 'onHover'> {
  row: LegendRow;
  decimals: number | undefined;
}

/** One line with its colour and dash, and its statistics. */
function LegendLine({ row, unit, decimals, compare, onPick, onHover }: LegendLineProps) {
  const t = useText(words);
  return (
    <TableRow className={cn(!row.shown && 'text-faint')} onPointerEnter={() => onHover(row.shown ? row.id : null)}>
      <TableCell className="w-full max-w-0">
        <button
          type="button"
          aria-pressed={row.shown}
          title={t('legendHint')}
          className="flex w-full min-w-0 items-center gap-2 text-start"
          onClick={(event) => onPick(row.name, event.shiftKey)}
        >
          <span
            className={cn('w-4 shrink-0 border-t-2', isDashed(row.place) && 'border-dashed', !row.shown && 'opacity-40')}
            style={{ borderColor: seriesVariable(row.place) }}
          />
          <bdi className="truncate">{row.name}</bdi>
        </button>
      </TableCell>
      {columns.map(({ id }) => (
        <TableCell key={id} numeric>
          <Value value={row[id]} unit={unit} decimals={decimals} signed={id === 'change'} />
          {id === 'change' && <Share share={row.changeShare} />}
        </TableCell>
      ))}
      {compare && (
        <TableCell numeric>
          <Value value={row.against} unit={unit} decimals={decimals} signed />
          <Share share={row.againstShare} />
        </TableCell>
      )}
    </TableRow>
  );
}

function Share({ share }: { share: number | null }) {
  return (
    <span dir="ltr" className="inline-block w-20 text-right text-faint rtl:text-left">
      {share === null ? '' : formatSigned(share * 100, '%', 1)}
    </span>
  );
}

interface ValueProps {
  value: number | null;
  unit: string;
  decimals: number | undefined;
  signed: boolean;
}

function Value({ value, unit, decimals, signed }: ValueProps) {
  if (value === null) return <span className="text-faint">–</span>;
  const [figures, ...rest] = (signed ? formatSigned : formatValue)(value, unit, decimals).split(' ');
  return (
    <span dir="ltr" className="inline-block">
      {figures} <span className="text-faint text-sm">{rest.join(' ')}</span>
    </span>
  );
}

/** Returns one number of decimals for a whole table. */
export function decimalsIn(rows: readonly Pick<LegendRow, 'min' | 'max' | 'avg' | 'last'>[], unit: string): number | undefined {
  return sharedDecimals(
    rows.flatMap(({ min, max, avg, last }) => [min, max, avg, last].filter((value) => value !== null)),
    unit,
  );
}
