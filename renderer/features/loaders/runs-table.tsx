import type { LoaderRun } from '#common/contract/loaders.ts';
import { formatNumber } from '#common/format.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import type { CsvColumn } from '#renderer/ui/export.ts';
import { formatLatency, formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Table, TableCell, TableHead, TableRow } from '#renderer/ui/table.tsx';
import { When } from '#renderer/ui/time.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { words } from './words.ts';

export const runColumns: CsvColumn<LoaderRun>[] = [
  { heading: 'loader', cell: (run) => run.loaderCode },
  { heading: 'kind', cell: (run) => run.kind },
  { heading: 'started_at', cell: (run) => new Date(run.startedAt).toISOString() },
  { heading: 'duration_ms', cell: (run) => run.durationMs },
  { heading: 'from', cell: (run) => new Date(run.from).toISOString() },
  { heading: 'to', cell: (run) => new Date(run.to).toISOString() },
  { heading: 'rows_read', cell: (run) => run.rowsRead },
  { heading: 'rows_loaded', cell: (run) => run.rowsLoaded },
  { heading: 'rows_rejected', cell: (run) => run.rowsRejected },
  { heading: 'rows_replaced', cell: (run) => run.rowsReplaced },
  { heading: 'values_rounded', cell: (run) => roundedOf(run) },
  { heading: 'error', cell: (run) => run.error?.message ?? run.rejectReason ?? null },
];

/** Returns how many values were rounded, over all columns. */
function roundedOf({ rounded }: LoaderRun): number {
  return Object.values(rounded).reduce((sum, count) => sum + count, 0);
}

/** The runs: what each read, how long it took, and why it failed with what to do about it. */
export function RunsTable({ runs }: { runs: readonly LoaderRun[] }) {
  const t = useText(words);
  const { language } = usePreferences();
  return (
    <Table aria-label={t('runs')}>
      <thead>
        <tr>
          <TableHead>{t('started')}</TableHead>
          <TableHead className="@max-xl:hidden">{t('kind')}</TableHead>
          <TableHead numeric className="@max-xl:hidden">
            {t('window')}
          </TableHead>
          <TableHead numeric>{t('read')}</TableHead>
          <TableHead numeric>{t('loaded')}</TableHead>
          <TableHead numeric>{t('took')}</TableHead>
          <TableHead>{t('outcome')}</TableHead>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <TableRow key={run.id}>
            <TableCell>
              <When at={run.startedAt} />
            </TableCell>
            <TableCell className="text-muted @max-xl:hidden">{t(run.kind === 'live' ? 'live' : 'historyKind')}</TableCell>
            <TableCell numeric className="text-muted @max-xl:hidden">
              <Tooltip
                content={
                  <span className="grid">
                    <When at={run.from} style="full" />
                    <When at={run.to} style="full" />
                  </span>
                }
              >
                <span>{formatSetDuration(run.to - run.from, language)}</span>
              </Tooltip>
            </TableCell>
            <TableCell numeric>{formatNumber(run.rowsRead)}</TableCell>
            <TableCell numeric>{formatNumber(run.rowsLoaded)}</TableCell>
            <TableCell numeric>
              <span dir="ltr">{formatLatency(run.durationMs, language)}</span>
            </TableCell>
            <TableCell className="w-full min-w-32">
              <Outcome run={run} />
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

function Outcome({ run }: { run: LoaderRun }) {
  const t = useText(words);
  if (run.error) {
    return (
      <div className="py-1">
        <StatusSymbol status="failing" label={run.error.message} className="whitespace-normal" />
        {run.error.hint && <p className="text-muted text-sm">{run.error.hint}</p>}
      </div>
    );
  }
  const notes = <Notes run={run} />;
  if (run.rowsRejected > 0) {
    return (
      <div className="py-1">
        <span className="text-attention">
          {t('rejected')}: {formatNumber(run.rowsRejected)}
        </span>
        {run.rejectReason !== undefined && <p className="text-muted text-sm">{run.rejectReason}</p>}
        {notes}
      </div>
    );
  }
  return (
    <div className="py-1">
      <StatusSymbol status="ok" label={t('okay')} />
      {notes}
    </div>
  );
}

/** Notes about rows that were loaded differently from how they were read. */
function Notes({ run }: { run: LoaderRun }) {
  const t = useText(words);
  return (
    <>
      {run.rowsReplaced > 0 && <p className="text-muted text-sm">{t('replaced', { count: run.rowsReplaced })}</p>}
      {roundedOf(run) > 0 && (
        <p className="text-muted text-sm">{t('rounded', { count: roundedOf(run), columns: Object.keys(run.rounded).join(', ') })}</p>
      )}
    </>
  );
}
