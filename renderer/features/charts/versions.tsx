import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { diffDocuments } from '#common/versions/diff.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { useChartVersion, useChartVersions, useConsole } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { DiffView } from '#renderer/ui/diff-view.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { describeError, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { words } from './words.ts';

interface VersionsProps {
  connection: Connection;
  chart: Chart;
  /** The version looked at; the one before the newest unless chosen. */
  version: number | undefined;
  onVersion: (version: number) => void;
}

/** The history of a chart: what changed from one version to the newest, side by side, and the way back. */
export function Versions({ connection, chart, version, onVersion }: VersionsProps) {
  const t = useText(words);
  const { charts } = useConsole();
  const denied = usePermission(connection, 'OPERATOR', true);
  const history = useChartVersions(connection.id, chart.code);
  const entries = history.data?.value ?? [];
  const looked = version ?? entries.find((one) => one.version < chart.version)?.version;
  const older = useChartVersion(connection.id, chart.code, looked);
  const newest = useChartVersion(connection.id, chart.code, chart.version);
  const [asking, setAsking] = useState(false);
  const changes = useMemo(
    () => (older.data?.value && newest.data?.value ? diffDocuments(older.data.value.body, newest.data.value.body) : null),
    [older.data, newest.data],
  );
  const rollback = useMutation({
    mutationFn: (to: number) => charts.rollback({ connectionId: connection.id, code: chart.code, to, version: chart.version }),
    onSuccess: (_, to) => {
      setAsking(false);
      toast({ message: t('rolledBack', { version: to }), lastsMs: 4_000 });
    },
  });
  if (history.error) return <ErrorState title={t('versionsFailed')} error={history.error} retry={() => void history.refetch()} />;
  if (!history.data) return <Loading rows={3} />;
  const conflict = rollback.error !== null && describeError(rollback.error).code === 'version_conflict';
  return (
    <div className="grid min-h-0 grid-cols-[14rem_1fr] gap-4 p-4 max-lg:grid-cols-1">
      <ol className="flex min-h-0 flex-col gap-1 overflow-auto">
        {entries.map((entry) => (
          <li key={entry.version}>
            <button
              type="button"
              aria-pressed={entry.version === looked}
              className={cn(
                'flex w-full flex-col rounded-md px-2 py-1.5 text-start hover:bg-hover',
                entry.version === looked && 'bg-selected',
              )}
              onClick={() => onVersion(entry.version)}
            >
              <span className="flex gap-2">
                {t('versionOf', { version: entry.version })}
                {entry.version === chart.version && <span className="text-accent">{t('now')}</span>}
                <span className="ms-auto text-faint text-sm">{entry.note}</span>
              </span>
              <span className="text-faint text-sm">
                <Age at={entry.at} /> {t('by', { name: entry.by })}
              </span>
            </button>
          </li>
        ))}
      </ol>
      <div className="min-h-0 min-w-0 overflow-auto">
        {looked === undefined || looked === chart.version ? (
          <p className="p-4 text-muted">{t('compareHint')}</p>
        ) : (
          <>
            {older.error && <ErrorState title={t('versionsFailed')} error={older.error} retry={() => void older.refetch()} />}
            {!changes && !older.error && <Loading rows={3} />}
            {changes && (
              <>
                <DiffView
                  changes={changes}
                  before={t('versionOf', { version: looked })}
                  after={`${t('versionOf', { version: chart.version })} · ${t('now')}`}
                />
                <Button className="mt-3" disabledReason={denied} onClick={() => setAsking(true)}>
                  {t('rollback', { version: looked })}
                </Button>
              </>
            )}
          </>
        )}
      </div>
      {asking && looked !== undefined && (
        <Dialog
          open
          onOpenChange={(open) => !open && setAsking(false)}
          title={t('rollbackTitle', { version: looked })}
          description={t('rollbackAbout')}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{t('cancel')}</Button>
              <Button variant="primary" onClick={() => rollback.mutate(looked)}>
                {t('rollback', { version: looked })}
              </Button>
            </>
          }
        >
          {conflict && <p role="alert">{t('conflict')}</p>}
          {rollback.error && !conflict && <ErrorState title={t('rollbackFailed')} error={rollback.error} className="px-0" />}
        </Dialog>
      )}
    </div>
  );
}
