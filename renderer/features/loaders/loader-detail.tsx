import { useNavigate } from '@tanstack/react-router';
import { Copy, Download, Link2, SquareArrowOutUpRight, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Loader } from '#common/contract/loaders.ts';
import { hidden } from '#common/contract/sources.ts';
import { places } from '#renderer/domain/places.ts';
import { useLoaderRuns } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { useCopyLink } from '#renderer/ui/copy-link.ts';
import { fileTime, saveCsv } from '#renderer/ui/export.ts';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Badge, ScrollArea } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, ErrorState, Loading, Stale } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { HistoryCell } from './loader-table.tsx';
import { RunsTable, runColumns } from './runs-table.tsx';
import { words } from './words.ts';

interface LoaderDetailProps {
  loader: Loader;
  connection: Connection;
  disabledReason: string | undefined;
  /** Why it can't be edited; undefined when it can. */
  editDisabledReason: string | undefined;
  onEdit: () => void;
  onPause: () => void;
  onResume: () => void;
  onRun: () => void;
  onClose: () => void;
}

/** Texts for SQL that can't be read; a backend of an older version gives no reason. */
const unreadableWords = { 'key-missing': 'sqlKeyMissing', damaged: 'sqlDamaged', unknown: 'sqlUnreadable' } as const;

/** One loader next to the list: its definition, its progress, and its last runs. */
export function LoaderDetail(props: LoaderDetailProps) {
  const { loader, connection } = props;
  const t = useText(words);
  const { language } = usePreferences();
  const { data, error, refetch } = useLoaderRuns(connection.id, loader.code);
  const duration = (ms: number) => formatSetDuration(ms, language);
  return (
    <article aria-label={loader.name} className="flex min-h-0 flex-1 flex-col">
      <Head {...props} />
      <ScrollArea className="@container flex-1">
        <Stale stale={connection.state !== 'live'} asOf={data?.asOf ?? null}>
          <dl className="grid grid-cols-[max-content_1fr] @xl:grid-cols-[max-content_1fr_max-content_1fr] gap-x-4 gap-y-1.5 px-4 py-3">
            <Fact name={t('source')}>{loader.sourceCode}</Fact>
            <Fact name={t('interval')}>{duration(loader.intervalMs)}</Fact>
            <Fact name={t('loadedTo')}>
              <Age at={loader.loadedTo} />
            </Fact>
            <Fact name={t('history')}>
              <HistoryCell loader={loader} />
            </Fact>
            <Fact name={t('reach')}>{loader.historyMs === 0 ? '–' : duration(loader.historyMs)}</Fact>
            <Fact name={t('overlap')}>{loader.overlapMs === 0 ? '–' : duration(loader.overlapMs)}</Fact>
            <Fact name={t('unit')}>{loader.unit || '–'}</Fact>
            <Fact name={t('timeZone')}>{loader.timeZone}</Fact>
            <Fact name={t('changed')}>
              <Age at={loader.updatedAt} /> {t('by', { by: loader.updatedBy })}
            </Fact>
          </dl>
          <Sql sql={loader.sql} />
          <div className="flex items-center justify-between px-4 pt-3 pb-1">
            <h3 className="font-medium text-faint text-sm">{t('runs')}</h3>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t('csv')}
              tooltip={t('csv')}
              onClick={() => saveCsv(`runs-${loader.code}-${fileTime(Date.now())}.csv`, runColumns, data?.value ?? [])}
            >
              <Download className="size-3.5" />
            </Button>
          </div>
          {error && !data && <ErrorState title={t('runsFailed')} error={error} retry={() => void refetch()} />}
          {!data && !error && <Loading />}
          {data?.value.length === 0 && <Empty>{t('noRuns')}</Empty>}
          {data && data.value.length > 0 && <RunsTable runs={data.value} />}
        </Stale>
      </ScrollArea>
    </article>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 truncate">{children}</dd>
    </>
  );
}

function Head({ loader, disabledReason, editDisabledReason, onEdit, onPause, onResume, onRun, onClose }: LoaderDetailProps) {
  const t = useText(words);
  const navigate = useNavigate();
  const failure = loader.lastRun?.error;
  const copyLink = useCopyLink();
  const explore = () => void navigate(places.explore({ loader: loader.code }));
  return (
    <header className="flex flex-col gap-2 border-b px-4 py-3">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <div className="flex items-center gap-2">
            <StatusSymbol status={loader.state} />
            {loader.consecutiveFailures > 0 && <Badge tone="danger">{t('failures', { count: loader.consecutiveFailures })}</Badge>}
          </div>
          <h2 className="mt-1 truncate text-xl">{loader.name}</h2>
          <p className="text-muted">{loader.code}</p>
        </div>
        <Button variant="ghost" size="icon" aria-label={t('explore')} tooltip={t('explore')} onClick={explore}>
          <SquareArrowOutUpRight className="size-4" />
        </Button>
        <Button variant="ghost" size="icon" aria-label={t('copyLink')} tooltip={t('copyLink')} onClick={copyLink}>
          <Link2 className="size-4" />
        </Button>
        <Button variant="ghost" size="icon" aria-label={t('close')} onClick={onClose}>
          <X className="size-4" />
        </Button>
      </div>
      {loader.problem !== undefined && <p className="text-danger">{t(unreadableWords[loader.problemReason ?? 'unknown'])}</p>}
      {failure && (
        <div>
          <p className="text-danger">{failure.message}</p>
          {failure.hint && <p className="text-muted">{failure.hint}</p>}
        </div>
      )}
      <div className="flex gap-2">
        <Button variant="primary" disabledReason={disabledReason} onClick={onRun}>
          {t('runNow')}
        </Button>
        {loader.state === 'paused' ? (
          <Button disabledReason={disabledReason} onClick={onResume}>
            {t('resume')}
          </Button>
        ) : (
          <Button disabledReason={disabledReason} onClick={onPause}>
            {t('pause')}
          </Button>
        )}
        <Button disabledReason={editDisabledReason} onClick={onEdit}>
          {t('edit')}
        </Button>
      </div>
    </header>
  );
}

function Sql({ sql }: { sql: string }) {
  const t = useText(words);
  if (sql === hidden) return <p className="px-4 text-faint text-sm">SQL: {t('sqlHidden')}</p>;
  const copy = async () => {
    await navigator.clipboard.writeText(sql);
    toast({ message: t('sqlCopied'), lastsMs: 2_000 });
  };
  return (
    <div dir="ltr" className="relative mx-4 rounded-md border bg-background">
      <pre className="max-h-40 overflow-auto whitespace-pre-wrap p-3 font-mono text-sm [font-variant-ligatures:none]">{sql.trim()}</pre>
      <Button
        variant="ghost"
        size="icon-sm"
        className="absolute end-1 top-1"
        aria-label={t('copySql')}
        tooltip={t('copySql')}
        onClick={() => void copy()}
      >
        <Copy className="size-3.5" />
      </Button>
    </div>
  );
}
