import { type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import type { Interval } from '#common/time/intervals.ts';
import { DamageNote } from '#renderer/charts/plot/damage-note.tsx';
import { isAllMissing } from '#renderer/charts/plot/range.ts';
import { SeriesChart, warmChart } from '#renderer/charts/plot/series-chart.tsx';
import type { ChartMark, FiringInterval, SeriesChartProps } from '#renderer/charts/plot/types.ts';
import { words } from '#renderer/charts/plot/words.ts';
import { isFixed, type SeriesPicture, useConnections, type ViewRange } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { formatTime } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, ErrorState, Loading, ProblemNote, StaleMark } from '#renderer/ui/states.tsx';
import { useStable } from '#renderer/ui/use-stable.ts';
import { type Comparison, comparedInterval } from './compare.ts';
import { figuresOf } from './fit.ts';
import { LegendRow } from './legend-row.tsx';
import { RoundChart } from './round-chart.tsx';
import { StatChart } from './stat.tsx';
import { type ChartAnswers, useAnswers } from './use-answers.tsx';
import { useChartTime } from './use-chart-time.ts';
import { type ChartPicture, failureOf, usePicture } from './use-picture.ts';
import { ValueTable } from './value-table.tsx';

export interface TimeChartProps {
  definition: ChartDrawing;
  connectionId: string | undefined;
  range: ViewRange;
  /** Values of the variables its selectors use; the definition's defaults fill in missing ones. */
  values?: VariableValues | undefined;
  /** Description for screen readers; by default its title and range. */
  label?: string;
  /** An earlier day of the same measure, drawn faintly beneath. */
  compare?: Comparison | undefined;
  /** Bucket width that overrides the definition's, ms. */
  bucketMs?: number | undefined;
  /** When alerts fired, and other events to mark. */
  firing?: readonly FiringInterval[];
  marks?: readonly ChartMark[];
  /** Names of the lines shown; absent shows all, or those picked in the legend. */
  only?: readonly string[] | undefined;
  /** Shows the names of several lines under the plot; off if there is a legend next to the chart. Default on. */
  legend?: boolean;
  /** Id of the one line that isn't dimmed. */
  emphasis?: string | null;
  /** Paused: shows nothing new until this ends. */
  paused?: boolean;
  /** Fits the value axis to the data, ignoring ends the definition fixes. */
  fit?: boolean;
  mini?: boolean;
  /** Zooms with the wheel too; off if the page around it scrolls. */
  wheel?: boolean;
  onIntervalChange?: ((interval: Interval) => void) | undefined;
  onBack?: (() => void) | undefined;
  onPicture?: ((picture: ChartPicture) => void) | undefined;
  className?: string;
}

/** Types without a time axis. */
const untimed: ReadonlySet<ChartDrawing['type']> = new Set(['stat', 'table', 'pie', 'gauge']);
/** Types that draw several lines into one plot; a band's lines come in threes. */
const plotted: ReadonlySet<ChartDrawing['type']> = new Set(['line', 'area', 'step', 'bar', 'scatter']);

/**
 * Draws a chart definition without its title. It reads its own series, live if the range is, and shows when it is loading, empty, failed or
 * stale.
 */
export function TimeChart(props: TimeChartProps) {
  const { connectionId, compare, paused = false, onPicture } = props;
  const holder = useRef<HTMLDivElement>(null);
  useEffect(warmChart, []);
  // Equal definitions are one query, even if each render creates a new object.
  const definition = useStable(props.definition);
  const values = useStable(props.values);
  const [picked, setPicked] = useState<string[]>();
  const only = useStable(props.only ?? picked);
  const { clock } = usePreferences();
  const time = useChartTime(definition, holder, { range: props.range, bucketMs: props.bucketMs, paused });
  const { interval, bucketMs } = time;
  const past = useMemo(
    () => (compare ? comparedInterval(interval, compare, clock, Math.max(bucketMs, 60_000)) : null),
    [compare, interval, clock, bucketMs],
  );
  const answers = useAnswers({ connectionId, definition, values, time, past, paused });
  const state = useConnections().data?.find((one) => one.id === connectionId)?.state;
  const picture = usePicture(answers, { definition, time, only, compare, current: state === 'live' || isFixed(time.range) });
  useEffect(() => onPicture?.(picture), [onPicture, picture]);
  const isStale = state !== undefined && state !== 'live' && answers.own.some((answer) => answer.picture) && !paused;
  const hasLegend = props.legend !== false && !props.mini && plotted.has(definition.type) && failureOf(answers) === undefined;
  return (
    <div ref={holder} className={cn('flex size-full min-h-0 flex-col', isStale && 'hatched-edge ps-3', props.className)}>
      {answers.readers}
      <Notes
        definition={definition}
        picture={picture}
        compare={compare}
        partial={answers.own.find((one) => one.picture?.problem)?.picture?.problem}
        isStale={isStale}
      />
      <div className="relative min-h-0 flex-1">
        <Body chart={props} definition={definition} answers={answers} picture={picture} end={time.end} />
      </div>
      {hasLegend && <LegendRow lines={picture.lines} only={picked} onOnly={setPicked} />}
    </div>
  );
}

interface NotesProps {
  definition: ChartDrawing;
  picture: ChartPicture;
  compare: Comparison | undefined;
  /** Why the picture is incomplete. */
  partial: SeriesPicture['problem'] | undefined;
  /** The connection is lost, so the picture is stale. */
  isStale: boolean;
}

/** Notes about how current and complete a picture is. */
function Notes({ definition, picture: { shown, asOf, missing, damaged, damagedBefore }, compare, partial, isStale }: NotesProps) {
  const t = useText(words);
  return (
    <>
      {isStale && <StaleMark asOf={asOf} />}
      {!isStale && partial && <ProblemNote problem={partial} className="shrink-0" />}
      {!isStale && !partial && missing.length > 0 && shown.length > 0 && (
        <StatusSymbol status="stale" label={t('missing', { count: missing.length })} className="shrink-0 text-sm" />
      )}
      <DamageNote damaged={damaged} isCrossed={!untimed.has(definition.type) && shown.length > 0} className="shrink-0" />
      {compare && <DamageNote damaged={damagedBefore} label={t('damagedBefore', { when: t(compare) })} className="shrink-0" />}
    </>
  );
}

interface BodyProps {
  chart: TimeChartProps;
  definition: ChartDrawing;
  answers: ChartAnswers;
  picture: ChartPicture;
  /** When the picture ends: now, or the end of a range in the past, ms. */
  end: number;
}

/** The picture, or the reason why there is none. */
function Body({ chart, definition, answers, picture, end }: BodyProps): ReactNode {
  const t = useText(words);
  const preferences = usePreferences();
  const { shown: lines, interval, missing, damaged } = picture;
  const error = failureOf(answers);
  if (error) {
    const { refusal, retry } = answers;
    return <ErrorState title={t(refusal ? 'notDrawable' : 'readFailed')} error={error} retry={refusal ? undefined : retry} />;
  }
  if (lines.length === 0 && picture.reading) return <Loading label={t('reading')} rows={3} />;
  if (lines.length === 0) {
    const why = damaged.length > 0 ? 'emptyDamaged' : isAllMissing(missing, interval) ? 'emptyMissing' : 'empty';
    return <Empty className="size-full p-2">{t(why)}</Empty>;
  }
  const bucketMs = definition.aggregation === 'raw' ? 0 : picture.bucketMs;
  const shown = { definition, lines, interval, bucketMs, end };
  const label = chart.label ?? `${definition.title}, ${formatTime(interval.from, preferences)} – ${formatTime(interval.to, preferences)}`;
  switch (definition.type) {
    case 'stat':
      return <StatChart {...shown} />;
    case 'table':
      return <ValueTable {...shown} />;
    case 'pie':
    case 'gauge':
      return (
        <Suspense fallback={<Loading label={t('drawing')} rows={0} />}>
          <RoundChart definition={definition} figures={figuresOf(lines, definition, interval, bucketMs, end)} label={label} end={end} />
        </Suspense>
      );
    default:
      return <Plotted chart={chart} definition={definition} picture={picture} bucketMs={bucketMs} label={label} />;
  }
}

interface PlottedProps extends Pick<BodyProps, 'chart' | 'definition' | 'picture'> {
  bucketMs: number;
  label: string;
}

/** Lines over time, with past ones beneath. */
function Plotted({ chart, definition, picture, bucketMs, label }: PlottedProps) {
  const { shown, overlays, interval, missing, damaged } = picture;
  const { firing, marks, emphasis, mini, wheel, onIntervalChange, onBack, fit } = chart;
  const { unit, decimals, type, scale, stacked, thresholds } = definition;
  const series = useMemo(() => [...overlays, ...shown], [overlays, shown]);
  const drawn: SeriesChartProps = { label, series, interval, bucketMs, unit, decimals, type, scale, stacked, thresholds, missing, damaged };
  const ends = fit ? {} : { min: definition.min, max: definition.max };
  return <SeriesChart {...drawn} {...ends} {...{ firing, marks, emphasis, mini, wheel, onIntervalChange, onBack }} />;
}
