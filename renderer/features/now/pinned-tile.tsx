import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ChartDefinition } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { sharedDecimals } from '#common/format.ts';
import { hourMs } from '#common/time/durations.ts';
import { DamageNote } from '#renderer/charts/index.ts';
import { distinctNames } from '#renderer/domain/alerts.ts';
import { places } from '#renderer/domain/places.ts';
import { type RangeQuery, type SeriesPicture, useSeries } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Skeleton } from '#renderer/ui/parts.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { messages } from './messages.ts';
import { BigLine, SmallLine } from './pinned-line.tsx';

const bucketMs = 15_000;
/** Maximum number of lines in a tile; the rest is one click away. */
const maxLines = 4;

function Lines({ picture, chart, stale }: { picture: SeriesPicture; chart: ChartDefinition; stale: boolean }) {
  const t = useText(messages);
  const { series, from, to } = picture;
  const names = distinctNames(series.map((one) => one.labels));
  const [only] = series;
  const decimals =
    chart.decimals ??
    sharedDecimals(
      series.map(({ v }) => v.at(-1) ?? Number.NaN),
      chart.unit,
    );
  const shared = { unit: chart.unit, from, to, gapMs: 4 * bucketMs, decimals, stale };
  if (!only) return <StatusSymbol status="no-data" label={t('noPoints')} className="h-7 text-sm" />;
  if (series.length === 1) return <BigLine data={only} {...shared} />;
  return (
    <ul>
      {series.slice(0, maxLines).map((data, place) => (
        <SmallLine key={names[place]} name={names[place] ?? ''} data={data} color={(place % 8) + 1} {...shared} />
      ))}
    </ul>
  );
}

/** A pinned chart in a few lines: each series with its trend, value and change over the last hour. */
export function PinnedTile({ chart, connection }: { chart: ChartDefinition; connection: Connection }) {
  const t = useText(messages);
  const query = useMemo<RangeQuery>(
    () => ({ selector: chart.selector, aggregation: chart.aggregation, bucketMs, range: { lastMs: hourMs } }),
    [chart.selector, chart.aggregation],
  );
  const { data, error, refetch } = useSeries(connection.id, query);
  const stale = connection.state !== 'live';
  const series = data?.series ?? [];
  const note =
    series.length > maxLines
      ? t('moreSeries', { count: series.length - maxLines })
      : series.length === 1
        ? distinctNames(series.map((one) => one.labels))[0]
        : '';
  return (
    <article className={cn('flex min-h-30 flex-col rounded-md border bg-surface px-3 py-2', stale && 'hatched-edge ps-4')}>
      <header className="mb-1 flex items-baseline gap-2">
        <h3 className="min-w-0 truncate font-medium">
          <Link {...places.explore({ chart: chart.code })} className="hover:underline">
            {chart.title}
          </Link>
        </h3>
        <span className="flex-1" />
        <bdi className="text-faint text-sm">{note}</bdi>
        <DamageNote damaged={data?.damaged ?? []} bare />
        {stale && data && <StatusSymbol status="stale" label={<Age at={data.asOf} bare />} className="text-sm" />}
      </header>
      {error && !data ? (
        <ErrorState title={chart.title} error={error} retry={() => void refetch()} className="p-0" />
      ) : data ? (
        <Lines picture={data} chart={chart} stale={stale} />
      ) : (
        <Skeleton className="h-7" />
      )}
    </article>
  );
}
