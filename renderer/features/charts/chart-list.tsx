import { Pin } from 'lucide-react';
import type { Chart, ChartUsage } from '#common/contract/charts.ts';
import { kinds } from '#renderer/charts/definition-form/kinds.ts';
import { useChartUsage } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Table, TableCell, TableHead, TableRow } from '#renderer/ui/table.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { measureOf } from './library.ts';
import { words } from './words.ts';

interface ChartListProps {
  connectionId: string | undefined;
  charts: readonly Chart[];
  selected: string | undefined;
  /** Shows only what distinguishes charts, where there is less room. */
  narrow: boolean;
  onSelect: (code: string) => void;
}

export function ChartList({ connectionId, charts, selected, narrow, onSelect }: ChartListProps) {
  const t = useText(words);
  const kind = useText(kinds);
  const usage = useChartUsage(connectionId).data?.value ?? null;
  return (
    <Table aria-label={t('title')}>
      <thead>
        <tr>
          <TableHead>{t('name')}</TableHead>
          {!narrow && <TableHead>{t('kind')}</TableHead>}
          {!narrow && <TableHead>{t('measure')}</TableHead>}
          <TableHead>{t('usedBy')}</TableHead>
          <TableHead numeric>{t('version')}</TableHead>
          {!narrow && <TableHead>{t('changed')}</TableHead>}
        </tr>
      </thead>
      <tbody>
        {charts.map((chart) => (
          <TableRow
            key={chart.code}
            aria-selected={chart.code === selected}
            className="cursor-default"
            onClick={() => onSelect(chart.code)}
          >
            <TableCell className="w-full max-w-0">
              <button type="button" className="flex w-full min-w-0 items-center gap-2 text-start" onClick={() => onSelect(chart.code)}>
                <bdi className="truncate">{chart.title}</bdi>
                {chart.pinned !== undefined && <Pin aria-label={t('pinned')} className="size-3 shrink-0 text-accent" />}
                <span className="truncate font-mono text-faint text-xs">{chart.code}</span>
              </button>
            </TableCell>
            {!narrow && <TableCell className="whitespace-nowrap">{kind(chart.type)}</TableCell>}
            {!narrow && (
              <TableCell className="max-w-72">
                <bdi className="block truncate">{measureOf(chart.selector)}</bdi>
              </TableCell>
            )}
            <TableCell className="whitespace-nowrap">
              <UsedBy known={usage !== null} usage={usage?.[chart.code]} />
            </TableCell>
            <TableCell numeric>{chart.version}</TableCell>
            {!narrow && (
              <TableCell className="whitespace-nowrap text-muted">
                <Age at={chart.updatedAt} /> <span className="text-faint">{t('by', { name: chart.updatedBy })}</span>
              </TableCell>
            )}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

function UsedBy({ known, usage }: { known: boolean; usage: ChartUsage | undefined }) {
  const t = useText(words);
  const count = (usage?.dashboards.length ?? 0) + (usage?.rules.length ?? 0);
  return count === 0 ? <span className="text-faint">{known ? t('nobody') : '…'}</span> : <span>{t('uses', { count })}</span>;
}
