import type { Loader } from '#common/contract/loaders.ts';
import { formatNumber } from '#common/format.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { formatLatency, formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Progress } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Table, TableCell, TableHead, TableRow } from '#renderer/ui/table.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { words } from './words.ts';

/** The share of the history that is loaded, as text and as a bar. */
export function HistoryCell({ loader }: { loader: Loader }) {
  const t = useText(words);
  if (loader.historyMs === 0) return <span className="text-faint">{t('historyNone')}</span>;
  if (loader.historyProgress >= 1) return <span className="text-muted">{t('historyDone')}</span>;
  const percent = Math.floor(loader.historyProgress * 100);
  return (
    <span className="flex items-center gap-2">
      <Progress value={loader.historyProgress} label={t('history')} className="w-16" />
      <span className="whitespace-nowrap text-muted">{t('historyPart', { percent })}</span>
    </span>
  );
}

interface LoaderTableProps {
  loaders: readonly Loader[];
  selected: string | undefined;
  onSelect: (code: string) => void;
}

export function LoaderTable({ loaders, selected, onSelect }: LoaderTableProps) {
  const t = useText(words);
  const { language } = usePreferences();
  return (
    <Table aria-label={t('title')}>
      <thead>
        <tr>
          <TableHead>{t('loader')}</TableHead>
          <TableHead>{t('state')}</TableHead>
          <TableHead className="@max-3xl:hidden">{t('source')}</TableHead>
          <TableHead numeric className="@max-3xl:hidden">
            {t('interval')}
          </TableHead>
          <TableHead numeric>{t('lastRun')}</TableHead>
          <TableHead numeric>{t('rows')}</TableHead>
          <TableHead numeric>{t('took')}</TableHead>
          <TableHead>{t('history')}</TableHead>
        </tr>
      </thead>
      <tbody>
        {loaders.map((loader) => (
          <TableRow key={loader.code} aria-selected={loader.code === selected} onClick={() => onSelect(loader.code)}>
            <TableCell>
              <button type="button" className="block text-start" onClick={() => onSelect(loader.code)}>
                <span className="font-medium">{loader.name}</span> <span className="text-faint text-sm">{loader.code}</span>
              </button>
            </TableCell>
            <TableCell>
              <StatusSymbol status={loader.state} />
            </TableCell>
            <TableCell className="text-muted @max-3xl:hidden">{loader.sourceCode}</TableCell>
            <TableCell numeric className="text-muted @max-3xl:hidden">
              {formatSetDuration(loader.intervalMs, language)}
            </TableCell>
            <TableCell numeric>
              <Age at={loader.lastRun?.startedAt ?? null} className="text-muted" />
            </TableCell>
            <TableCell numeric>{loader.lastRun ? formatNumber(loader.lastRun.rowsLoaded) : '–'}</TableCell>
            <TableCell numeric>
              {loader.lastRun ? <span dir="ltr">{formatLatency(loader.lastRun.durationMs, language)}</span> : '–'}
            </TableCell>
            <TableCell>
              <HistoryCell loader={loader} />
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
