import type { SeriesLine } from '#common/contract/console/series.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { formatChange, formatParts } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Sparkline } from '#renderer/ui/sparkline.tsx';
import { Age, useNow } from '#renderer/ui/time.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { messages } from './messages.ts';
import { trendOf } from './trend.ts';

/** A line whose newest point is older than this is stale, ms. */
const silentMs = 60_000;

interface LineProps {
  data: SeriesLine;
  unit: string;
  from: number;
  to: number;
  /** A silence longer than this breaks the line, ms. */
  gapMs: number;
  /** The decimals of all lines of a tile, so that their digits align; absent follows the value. */
  decimals?: number | undefined;
  /** The whole tile is stale and says so itself. */
  stale: boolean;
}

/** Minimum length of a trend, ms. Until there is an hour of data, the trend shows what there is. */
const minTrendMs = 5 * 60_000;
const trendFrom = ({ data, from, to }: LineProps): number => Math.max(from, Math.min(data.t[0] ?? from, to - minTrendMs));

function useTrend({ data, from, unit, decimals, stale }: LineProps) {
  const now = useNow();
  const { last, lastAt, before } = trendOf(data, from);
  return {
    ...formatParts(last, unit, decimals),
    lastAt,
    change: formatChange(last, before),
    silent: !stale && (lastAt === null || now - lastAt > silentMs),
  };
}

/** The change over the hour, or how long the line has been silent. */
function Change({ change, silent, lastAt }: { change: string | null; silent: boolean; lastAt: number | null }) {
  const t = useText(messages);
  if (silent) return <StatusSymbol status="no-data" label={<Age at={lastAt} bare />} className="justify-end text-sm" />;
  return (
    <Tooltip content={t('againstHour')}>
      <span className="whitespace-nowrap text-end text-faint text-sm" dir="ltr">
        {change ?? ''}
      </span>
    </Tooltip>
  );
}

/** One of several series: name, trend, value, change. */
export function SmallLine({ name, color, ...line }: LineProps & { name: string; color: number }) {
  const { figures, unit, silent, lastAt, change } = useTrend(line);
  const { data, to, gapMs } = line;
  return (
    <li className="grid h-7 grid-cols-[4.5rem_1fr_6.5rem_3.75rem] items-center gap-2">
      <bdi className="truncate text-muted text-sm">{name}</bdi>
      <Sparkline
        t={data.t}
        v={data.v}
        from={trendFrom(line)}
        to={to}
        gapMs={gapMs}
        series={color}
        className={cn('h-5', silent && 'opacity-50')}
      />
      <span className={cn('truncate text-end', silent && 'text-faint')} dir="ltr">
        <span className="font-medium text-lg">{figures}</span> <span className="text-faint text-sm">{unit}</span>
      </span>
      <Change change={change} silent={silent} lastAt={lastAt} />
    </li>
  );
}

/** The only series of its chart: the figure large, the trend across the tile. */
export function BigLine(line: LineProps) {
  const { figures, unit, silent, lastAt, change } = useTrend(line);
  const { data, to, gapMs } = line;
  return (
    <div className="flex flex-1 items-center gap-4">
      <div className="w-28 shrink-0">
        <p className={cn('whitespace-nowrap', silent && 'text-faint')} dir="ltr">
          <span className="font-medium text-2xl">{figures}</span> <span className="text-faint">{unit}</span>
        </p>
        <Change change={change} silent={silent} lastAt={lastAt} />
      </div>
      <Sparkline
        t={data.t}
        v={data.v}
        from={trendFrom(line)}
        to={to}
        gapMs={gapMs}
        className={cn('h-14 min-w-0 flex-1', silent && 'opacity-50')}
      />
    </div>
  );
}
