import { useMemo } from 'react';
import { useConnection } from '#renderer/domain/address.ts';
import { inHand, needsSomeone } from '#renderer/domain/alerts.ts';
import { useAlerts, useConnections } from '#renderer/domain/queries/index.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { ErrorState, Loading } from '#renderer/ui/states.tsx';
import { Health } from './health.tsx';
import { HistoryProgress } from './history-progress.tsx';
import { InHand } from './in-hand.tsx';
import { LastHour } from './last-hour.tsx';
import { messages } from './messages.ts';
import { NeedsSomeone } from './needs-someone.tsx';
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
  const open = useMemo(() => needsSomeone(data ?? []), [data]);
  const taken = useMemo(() => inHand(data ?? []), [data]);
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
                {open.length === 0 ? <Quiet inHand={taken.length} alerts={data} /> : <NeedsSomeone alerts={open} />}
                {taken.length > 0 && <InHand alerts={taken} />}
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
