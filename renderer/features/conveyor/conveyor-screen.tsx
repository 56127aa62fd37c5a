import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Cached } from '#common/contract/console/cached.ts';
import type { ConveyorStatus } from '#common/contract/conveyor.ts';
import { useConnection } from '#renderer/domain/address.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { queryKeys, type RangeQuery, useConsole, useConveyor, useRules, useSeries } from '#renderer/domain/queries/index.ts';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { ScrollArea } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, ErrorState, Loading, Stale } from '#renderer/ui/states.tsx';
import { toastError } from '#renderer/ui/toast.tsx';
import { BeltPanel } from './belt-panel.tsx';
import { type Measure, watchesOf } from './measures.ts';
import { ProducerBar } from './producer-bar.tsx';
import { words } from './words.ts';

/** Length of the trend next to each figure: half an hour, in buckets of ten seconds, ms. */
const trendMs = 30 * 60_000;
const bucketMs = 10_000;
/** Refresh interval of the rules, ms. */
const rulesEveryMs = 5_000;

function useTrend(connectionId: string | undefined, loaderCode: string) {
  const query = useMemo<RangeQuery>(
    () => ({ selector: { from: 'signal', loaderCode }, aggregation: 'avg', bucketMs, range: { lastMs: trendMs } }),
    [loaderCode],
  );
  return useSeries(connectionId, query).data;
}

/** Queries the trends of all belts, one query per measure. */
function usePictures(connectionId: string | undefined) {
  const speed = useTrend(connectionId, 'belt-speed');
  const current = useTrend(connectionId, 'belt-current');
  const items = useTrend(connectionId, 'belt-items');
  const rejects = useTrend(connectionId, 'belt-rejects');
  return { speed, current, items, rejects } satisfies Record<Measure['id'], typeof speed>;
}

/** Queries the rules of a connection regularly while the screen is open: no event reports that a rule becomes pending or has no data. */
function useFreshRules(connectionId: string | undefined) {
  const queries = useQueryClient();
  useEffect(() => {
    if (connectionId === undefined) return;
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: queryKeys.rules(connectionId) }), rulesEveryMs);
    return () => clearInterval(timer);
  }, [connectionId, queries]);
  return useRules(connectionId).data?.rules ?? [];
}

/** Runs a change of the conveyor and shows the resulting state, or why it failed. */
function useConveyorAction(connectionId: string) {
  const t = useText(words);
  const queries = useQueryClient();
  return async (change: Promise<ConveyorStatus>) => {
    try {
      queries.setQueryData<Cached<ConveyorStatus | null>>(queryKeys.conveyor(connectionId), { value: await change, asOf: Date.now() });
    } catch (failure) {
      toastError(t('failed'), failure);
    }
  };
}

/** The reference workload: three live belts that can be made to fail. */
export function ConveyorScreen() {
  const t = useText(words);
  const { language } = usePreferences();
  const { connection } = useConnection();
  const { conveyor } = useConsole();
  const { data, error, refetch } = useConveyor(connection?.id);
  const rules = useFreshRules(connection?.id);
  const pictures = usePictures(connection?.id);
  const act = useConveyorAction(connection?.id ?? '');
  const denied = usePermission(connection, 'OPERATOR', true);

  if (error && !data) return <ErrorState title={t('readFailed')} error={error} retry={() => void refetch()} />;
  if (!data || !connection) return <Loading rows={6} />;
  const status = data.value;
  if (status === null) return <Empty className="h-full">{t(data.asOf === null ? 'never' : 'unavailable')}</Empty>;

  const connectionId = connection.id;
  const faultReason = status.producer === 'running' ? undefined : t('producerNotRunning');
  return (
    <ScrollArea className="h-full p-4">
      <Stale stale={connection.state !== 'live'} asOf={data.asOf} className="flex flex-col gap-4">
        <ProducerBar
          status={status}
          disabledReason={denied}
          onSwitch={(running) => void act(conveyor.producer({ connectionId, running }))}
        />
        <div className="grid grid-cols-[repeat(auto-fit,minmax(min(24rem,100%),1fr))] gap-4">
          {status.belts.map((belt) => (
            <BeltPanel
              key={belt.code}
              belt={belt}
              pictures={pictures}
              bucketMs={bucketMs}
              watches={watchesOf(rules, belt.code)}
              connectionId={connectionId}
              disabledReason={denied}
              faultReason={faultReason}
              onInject={(kind) => void act(conveyor.inject({ connectionId, belt: belt.code, kind }))}
              onClear={() => void act(conveyor.clear({ connectionId, belt: belt.code }))}
            />
          ))}
        </div>
        <p className="text-faint text-sm">
          {t('about')} {t('lastMinutes', { length: formatSetDuration(trendMs, language) })}
        </p>
      </Stale>
    </ScrollArea>
  );
}
