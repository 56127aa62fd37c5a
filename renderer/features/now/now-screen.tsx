import { useMemo } from 'react';
import { useConnection } from '#renderer/domain/address.ts';
import { withOwner, withoutOwner } from '#renderer/domain/alerts.ts';
import { useAlerts, useConnections } from '#renderer/domain/queries/index.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { ErrorState, Loading } from '#renderer/ui/states.tsx';
import { AlertsWithOwner } from './alerts-with-owner.tsx';
import { AlertsWithoutOwner } from './alerts-without-owner.tsx';
import { Health } from './health.tsx';
import { HistoryProgress } from './history-progress.tsx';
import { LastHour } from './last-hour.tsx';
import { messages } from './messages.ts';
import { Pinned } from './pinned.tsx';
import { Quiet } from './quiet.tsx';

/**
 * The home screen, in the order of its questions: what needs an owner, what has one, what is healthy, what just changed, how the numbers
 * move.
 */
export function NowScreen() {
  const t = useText(messages);
  const { data, error, refetch } = useAlerts();
  const connections = useConnections().data;
  const { connection } = useConnection();
  const stale = connection !== undefined && connection.state !== 'live';
  const unowned = useMemo(() => withoutOwner(data ?? []), [data]);
  const owned = useMemo(() => withOwner(data ?? []), [data]);
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto flex max-w-[136rem] flex-col gap-6 p-gap">
        <div className="grid gap-6 min-[70rem]:grid-cols-[1fr_20rem]">
          <div className={cn('flex min-w-0 flex-col gap-4 self-start', stale && 'hatched-edge ps-4')}>
            {error && !data ? (
              <ErrorState title={t('alertsFailed')} error={error} retry={() => void refetch()} />
            ) : !data || !connections ? (
              <Loading rows={3} />
            ) : (
              <>
                {unowned.length === 0 ? <Quiet ownedCount={owned.length} alerts={data} /> : <AlertsWithoutOwner alerts={unowned} />}
                {owned.length > 0 && <AlertsWithOwner alerts={owned} />}
              </>
            )}
          </div>
          <div className="flex flex-col gap-6">
            <Health />
            <HistoryProgress />
          </div>
        </div>
        <LastHour />
        <Pinned />
      </div>
    </div>
  );
}
