import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Dashboard } from '#common/contract/dashboards.ts';
import { diffDocuments } from '#common/versions/diff.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { useConsole, useDashboardVersion, useDashboardVersions } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { DiffView } from '#renderer/ui/diff-view.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Badge, ScrollArea } from '#renderer/ui/parts.tsx';
import { Empty, ErrorState, Loading, Stale } from '#renderer/ui/states.tsx';
import { Age, When } from '#renderer/ui/time.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { Segmented } from '#renderer/ui/toggles.tsx';
import { Confirm } from '../confirm.tsx';
import { useAskAgain } from '../use-change.ts';
import { useNote, usePlaceName } from './places.ts';
import { words } from './words.ts';

interface VersionsProps {
  connection: Connection;
  dashboard: Dashboard;
  /** The version that is looked at; 0 for the newest. */
  version: number;
  onChoose: (version: number) => void;
  onClose: () => void;
  /** Going back is no choice while an edit is under way. */
  denied: string | undefined;
}

/** Every version: who, when, what; each beside the one before it or the newest; and the way back. */
export function VersionsSheet({ connection, dashboard, version, onChoose, onClose, denied }: VersionsProps) {
  const t = useText(words);
  const connectionId = connection.id;
  const { code, title } = dashboard;
  const { dashboards: service } = useConsole();
  const { data, error, refetch } = useDashboardVersions(connectionId, code);
  const askAgain = useAskAgain(connectionId);
  const [against, setAgainst] = useState<'before' | 'newest'>('before');
  const [asking, setAsking] = useState(false);
  const role = usePermission(connection, 'OPERATOR', true);
  const entries = data?.value ?? [];
  const chosen = version === 0 ? dashboard.version : version;
  const place = entries.findIndex((entry) => entry.version === chosen);
  const other = against === 'newest' ? dashboard.version : entries[place + 1]?.version;
  const here = useDashboardVersion(connectionId, code, chosen);
  const there = useDashboardVersion(connectionId, code, other === chosen ? undefined : other);
  const [left, right] =
    against === 'newest' ? [here.data?.value?.body, there.data?.value?.body] : [there.data?.value?.body, here.data?.value?.body];
  const changes = useMemo(() => (left && right ? diffDocuments(left, right) : null), [left, right]);
  const nameOf = usePlaceName(useMemo(() => [right, left].filter((one) => one !== undefined), [right, left]));
  const noteOf = useNote();
  const rollback = useMutation({
    mutationFn: () => service.rollback({ connectionId, code, to: chosen, version: dashboard.version }),
    onSuccess: async () => {
      toast({ message: t('rolledBack', { version: chosen }), lastsMs: 6_000 });
      onChoose(0);
      await askAgain();
    },
  });
  const versionName = (number: number | undefined) => (number === undefined ? '' : t('version', { version: number }));
  const names = against === 'newest' ? [chosen, other] : [other, chosen];
  const unread = (here.data !== undefined && here.data.value === null) || (other !== undefined && there.data?.value === null);
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('versionsTitle', { title })} className="w-[min(76rem,100vw)]">
      {error && !data && <ErrorState title={t('oneFailed')} error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={5} />}
      {data && (
        <Stale stale={connection.state !== 'live'} asOf={data.asOf} className="flex h-full min-h-0 flex-col">
          <p className="pb-2 text-faint text-sm">
            {t('createdLine', { name: dashboard.createdBy })} · <When at={dashboard.createdAt} style="full" />
          </p>
          <div className="grid min-h-0 flex-1 grid-cols-[17rem_1fr] rounded-md border">
            <ScrollArea className="border-e">
              <ol>
                {entries.map((entry) => (
                  <li key={entry.version}>
                    <button
                      type="button"
                      aria-current={entry.version === chosen ? 'true' : undefined}
                      onClick={() => onChoose(entry.version)}
                      className={cn(
                        'flex w-full flex-col gap-0.5 border-b px-3 py-2 text-start hover:bg-hover',
                        entry.version === chosen && 'bg-selected',
                      )}
                    >
                      <span className="flex items-center gap-2">
                        <span className="font-medium">{versionName(entry.version)}</span>
                        {entry.version === dashboard.version && <Badge>{t('newest')}</Badge>}
                        <span className="flex-1" />
                        <Age at={entry.at} className="text-faint text-sm" />
                      </span>
                      <span className="text-muted text-sm">
                        <bdi>{entry.by}</bdi> · <bdi>{noteOf(entry.note)}</bdi>
                      </span>
                    </button>
                  </li>
                ))}
              </ol>
            </ScrollArea>
            <div className="flex min-h-0 min-w-0 flex-col">
              <div className="flex flex-wrap items-center gap-2 border-b px-3 py-2">
                <Segmented
                  label={t('versions')}
                  value={against}
                  options={[
                    { value: 'before', label: t('compareWith') },
                    { value: 'newest', label: t('compareNewest') },
                  ]}
                  onChange={setAgainst}
                />
                <span className="flex-1" />
                {chosen !== dashboard.version && (
                  <Button disabledReason={denied ?? role} onClick={() => setAsking(true)}>
                    {t('rollback')}
                  </Button>
                )}
              </div>
              {rollback.error && <ErrorState title={t('actFailed')} error={rollback.error} />}
              <ScrollArea className="flex-1">
                {here.error && <ErrorState title={t('oneFailed')} error={here.error} retry={() => void here.refetch()} />}
                {unread && <Empty>{t('versionUnread')}</Empty>}
                {!unread && other === undefined && <Empty>{t('firstVersion')}</Empty>}
                {changes && left && right && (
                  <DiffView changes={changes} before={versionName(names[0])} after={versionName(names[1])} nameOf={nameOf} />
                )}
                {against === 'newest' && chosen === dashboard.version && here.data?.value && <DiffView changes={[]} before="" after="" />}
              </ScrollArea>
            </div>
          </div>
        </Stale>
      )}
      {asking && (
        <Confirm
          title={t('rollbackTitle', { version: chosen })}
          action={t('rollback')}
          onConfirm={() => rollback.mutate()}
          onClose={() => setAsking(false)}
        >
          {t('rollbackAbout')}
        </Confirm>
      )}
    </Sheet>
  );
}
