import type { ChartDefinition } from '#common/contract/charts.ts';
import { useConnection } from '#renderer/domain/address.ts';
import { useCharts } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { messages } from './messages.ts';
import { PinnedTile } from './pinned-tile.tsx';
import { Section } from './section.tsx';

const byPin = (a: ChartDefinition, b: ChartDefinition) => (a.pinned ?? 0) - (b.pinned ?? 0);

/** The pinned charts. */
export function Pinned() {
  const t = useText(messages);
  const { connection } = useConnection();
  const { data, error, refetch } = useCharts(connection?.id);
  const pinned = data?.charts.filter((chart) => chart.pinned !== undefined).sort(byPin);
  return (
    <Section title={t('pinned')}>
      {error && !data ? (
        <ErrorState title={t('pinnedFailed')} error={error} retry={() => void refetch()} className="px-0" />
      ) : !pinned || !connection ? (
        <Loading className="px-0" />
      ) : pinned.length === 0 ? (
        <Empty>{t(data?.asOf === null ? 'pinnedNever' : 'pinnedEmpty')}</Empty>
      ) : (
        <div className="grid grid-cols-[repeat(auto-fill,minmax(24rem,1fr))] gap-3">
          {pinned.map((chart) => (
            <PinnedTile key={chart.code} chart={chart} connection={connection} />
          ))}
        </div>
      )}
    </Section>
  );
}
