import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ChartDefinition, SeriesData } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { type SeriesAsk, useSeries } from '#renderer/link/index.ts';
import { seriesName } from '#renderer/ui/alerts.ts';
import { cn } from '#renderer/ui/cn.ts';
import { formatChange, formatParts } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Skeleton } from '#renderer/ui/parts.tsx';
import { Sparkline } from '#renderer/ui/sparkline.tsx';
import { ErrorState, StaleNote } from '#renderer/ui/states.tsx';
import { StatusSymbol } from '#renderer/ui/status.tsx';
import { Age, useNow } from '#renderer/ui/time.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { hourMs } from './last-hour-marks.ts';
import { messages } from './messages.ts';
import { trendOf } from './trend.ts';

const bucketMs = 15_000;
/** Lines of a tile; the rest is one click away. */
const mostLines = 4;
/** A line whose newest point is older than this is not current, ms. */
const silentMs = 60_000;

interface LineProps {
  data: SeriesData;
  chart: ChartDefinition;
  place: number;
  from: number;
  to: number;
}

function Line({ data, chart, place, from, to }: LineProps) {
  const t = useText(messages);
  const now = useNow();
  const { last, lastAt, before } = trendOf(data, from);
  const { figures, unit } = formatParts(last, chart.unit);
  const silent = lastAt === null || now - lastAt > silentMs;
  return (
    <li className="grid h-7 grid-cols-[5rem_1fr_5.5rem_3.5rem] items-center gap-3">
      <span className="truncate text-muted text-sm">{seriesName(data.labels)}</span>
      <Sparkline
        t={data.t}
        v={data.v}
        from={from}
        to={to}
        gapMs={4 * bucketMs}
        series={(place % 8) + 1}
        className={silent ? 'opacity-50' : ''}
      />
      <span className={cn('whitespace-nowrap text-end', silent && 'text-faint')} dir="ltr">
        <span className="font-medium text-lg">{figures}</span> <span className="text-faint text-sm">{unit}</span>
      </span>
      {silent ? (
        <StatusSymbol status="no-data" label={<Age at={lastAt} bare />} className="justify-end text-sm" />
      ) : (
        <Tooltip content={t('againstHour')}>
          <span className="whitespace-nowrap text-end text-faint text-sm" dir="ltr">
            {formatChange(last, before) ?? ''}
          </span>
        </Tooltip>
      )}
    </li>
  );
}

/** A pinned chart in a few lines: each series with its trend, value and change over the last hour. */
export function PinnedTile({ chart, connection }: { chart: ChartDefinition; connection: Connection }) {
  const t = useText(messages);
  const ask = useMemo<SeriesAsk>(
    () => ({ selector: chart.selector, aggregation: chart.aggregation, bucketMs, span: { lastMs: hourMs } }),
    [chart.selector, chart.aggregation],
  );
  const { data, error, refetch } = useSeries(connection.id, ask);
  const stale = connection.state !== 'live';
  return (
    <article className={cn('flex flex-col rounded-md border bg-surface px-3 py-2', stale && 'hatched-edge ps-4')}>
      <header className="mb-1 flex items-center gap-2">
        <h3 className="min-w-0 flex-1 truncate font-medium">
          <Link to="/explore" search={{ chart: chart.code }} className="hover:underline">
            {chart.title}
          </Link>
        </h3>
        {data && data.series.length > mostLines && (
          <span className="text-faint text-sm">{t('moreSeries', { count: data.series.length - mostLines })}</span>
        )}
      </header>
      {error && !data ? (
        <ErrorState title={chart.title} error={error} retry={() => void refetch()} className="p-0" />
      ) : !data ? (
        <Skeleton className="h-7" />
      ) : data.series.length === 0 ? (
        <StatusSymbol status="no-data" label={t('noPoints')} className="h-7 text-sm" />
      ) : (
        <ul>
          {data.series.slice(0, mostLines).map((series, place) => (
            <Line key={seriesName(series.labels)} data={series} chart={chart} place={place} from={data.from} to={data.to} />
          ))}
        </ul>
      )}
      {stale && data && <StaleNote asOf={data.asOf} className="whitespace-normal" />}
    </article>
  );
}
