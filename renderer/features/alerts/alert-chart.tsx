import { useNavigate } from '@tanstack/react-router';
import { SquareArrowOutUpRight } from 'lucide-react';
import { useMemo } from 'react';
import { narrowSelector } from '#common/charts/narrow.ts';
import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import { seriesLabels } from '#common/contract/alerts.ts';
import type { Chart, ChartDefinition, SeriesSelector } from '#common/contract/charts.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { AppError } from '#common/contract/errors.ts';
import { type Labels, labelsKey } from '#common/contract/primitives.ts';
import type { Interval } from '#common/time/intervals.ts';
import { chooseBucket, DamageNote, SeriesChart, unknownIn } from '#renderer/charts/index.ts';
import { printRange } from '#renderer/domain/address.ts';
import { seriesName } from '#renderer/domain/alerts.ts';
import { useEvaluatedChart } from '#renderer/domain/chart-versions/use-evaluated-chart.ts';
import { words as chartVersionWords } from '#renderer/domain/chart-versions/words.ts';
import { places } from '#renderer/domain/places.ts';
import {
  isFixed,
  type RangeQuery,
  rangeLength,
  resolveRange,
  useCharts,
  useSeries,
  type ViewRange,
} from '#renderer/domain/queries/index.ts';
import { words as versionWords } from '#renderer/domain/versions/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { formatSetting } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Skeleton } from '#renderer/ui/parts.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { useNow } from '#renderer/ui/time.tsx';
import { useStable } from '#renderer/ui/use-stable.ts';
import { chartRange } from './chart-range.ts';
import { words } from './words.ts';

/** Approximate width of the panel, which buckets are chosen for, px. */
const panelWidthPx = 600;

/** Returns what the alert's rule evaluated: the chart with its variables filled in, filtered to the alert's own series. */
function selectorOf({ selector, variables }: ChartDefinition, labels: Labels): SeriesSelector | AppError {
  try {
    return narrowSelector(bindSelector(selector, resolveValues(variables)), labels);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** True if the alert is about the rule as a whole, not about a single series. */
const isWholeRule = (alert: FeedAlert): boolean => Object.keys(seriesLabels(alert)).length === 0;

/** The measurement with firing intervals shaded and the threshold drawn. */
export function AlertChart({ alert, connection }: { alert: FeedAlert; connection: Connection | undefined }) {
  const t = useText(words);
  const v = useText(versionWords);
  const charts = useCharts(alert.connectionId);
  const newest = charts.data?.charts.find((one) => one.code === alert.chartCode);
  const { chart: definition, isPending, isOlder, isUnread } = useEvaluatedChart(alert.connectionId, newest, alert.chartVersion);
  const labels = useStable(seriesLabels(alert));
  const selector = useMemo(() => definition && selectorOf(definition, labels), [definition, labels]);
  if (charts.isPending || isPending) return <Skeleton className="h-56" />;
  if (isUnread) return <p className="text-muted">{v('versionUnread')}</p>;
  if (!definition || selector === undefined) return <p className="text-muted">{t('chartUnknown', { code: alert.chartCode })}</p>;
  if (selector instanceof AppError) return <ErrorState title={t('alertFailed')} error={selector} />;
  return <Drawn alert={alert} connection={connection} definition={definition} selector={selector} isOlder={isOlder} />;
}

interface DrawnProps {
  alert: FeedAlert;
  connection: Connection | undefined;
  definition: Chart;
  /** The chart isn't its newest version. */
  isOlder: boolean;
  selector: SeriesSelector;
}

function Drawn({ alert, connection, definition, isOlder, selector }: DrawnProps) {
  const t = useText(words);
  const c = useText(chartVersionWords);
  const navigate = useNavigate();
  const now = useNow();
  // The length is chosen when the alert is opened and grows in steps, so that the query stays the same for long.
  const range = useStable(chartRange(alert, now));
  const bucketMs = chooseBucket(rangeLength(range, now), panelWidthPx);
  const edge = Math.floor(now / Math.max(1_000, bucketMs)) * Math.max(1_000, bucketMs);
  const interval = useMemo<Interval>(() => resolveRange(range, bucketMs, edge), [range, bucketMs, edge]);
  const { data, error, refetch, series } = useOwnSeries({ alert, definition, selector, bucketMs, range });
  const { firing, thresholds } = useMarks(alert);
  const current = connection?.state === 'live' || isFixed(range);
  const missing = useMemo(() => unknownIn(interval, data?.missing ?? [], data?.asOf ?? null, current), [interval, data, current]);
  const explore = () => {
    const series = isWholeRule(alert) ? undefined : seriesLabels(alert);
    void navigate(places.explore({ connection: alert.connectionId, chart: definition.code, range: printRange(range), series }));
  };
  if (error && !data) return <ErrorState title={t('alertFailed')} error={error} retry={() => void refetch()} />;
  return (
    <div className="relative">
      <div className="mb-1 flex items-center justify-between">
        <span className="flex flex-wrap gap-x-3 text-muted text-sm">
          {definition.title}
          {isOlder && <span className="text-warning">{c('olderShown', { version: definition.version })}</span>}
        </span>
        <Button variant="ghost" size="icon-sm" aria-label={t('openInExplore')} tooltip={t('openInExplore')} onClick={explore}>
          <SquareArrowOutUpRight className="size-3.5" />
        </Button>
      </div>
      <DamageNote damaged={data?.damaged ?? []} isCrossed />
      <div className="h-56">
        <SeriesChart
          label={t('chartLabel', { name: alert.ruleName })}
          series={series}
          interval={interval}
          bucketMs={bucketMs}
          unit={definition.unit}
          type={definition.type}
          min={definition.min}
          max={definition.max}
          firing={firing}
          thresholds={thresholds}
          missing={missing}
          damaged={data?.damaged}
        />
      </div>
    </div>
  );
}

interface OwnSeriesOptions extends Omit<DrawnProps, 'connection' | 'isOlder'> {
  bucketMs: number;
  range: ViewRange;
}

/** Queries the series of the alert, or all series of the chart if it is about the rule as a whole. */
function useOwnSeries({ alert, definition, selector, bucketMs, range }: OwnSeriesOptions) {
  const { aggregation, title } = definition;
  const query = useMemo<RangeQuery>(() => ({ selector, aggregation, bucketMs, range }), [selector, aggregation, bucketMs, range]);
  const { data, error, refetch, isPlaceholderData } = useSeries(alert.connectionId, query);
  const own = labelsKey(seriesLabels(alert));
  const wholeRule = isWholeRule(alert);
  const series = useMemo(() => {
    const all = isPlaceholderData ? [] : (data?.series ?? []);
    const mine = wholeRule ? all : all.filter((one) => labelsKey(one.labels) === own);
    return mine.map(({ labels, t, v }, place) => ({ id: labelsKey(labels), name: seriesName(labels) || title, place, t, v }));
  }, [data, isPlaceholderData, own, wholeRule, title]);
  return { data, error, refetch, series };
}

/** Returns when the alert fired, and the threshold it fired at; a failed evaluation has none. */
function useMarks({ firedAt, resolvedAt, severity, cause, threshold, operator, unit }: FeedAlert) {
  const firing = useMemo(() => [{ from: firedAt, to: resolvedAt, severity }], [firedAt, resolvedAt, severity]);
  const thresholds = useMemo(
    () =>
      cause === 'error' || threshold === null
        ? []
        : [{ value: threshold, label: `${operator} ${formatSetting(threshold, unit)}`, severity }],
    [cause, threshold, operator, unit, severity],
  );
  return { firing, thresholds };
}
