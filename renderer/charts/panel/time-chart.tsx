import { type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import { dayMs } from '#common/time/durations.ts';
import { zoneOf } from '#common/time/zone.ts';
import { DamageNote } from '#renderer/charts/plot/damage-note.tsx';
import { withExtremes } from '#renderer/charts/plot/extremes.ts';
import { isAllMissing, mergeStretches, type Stretch, unknownIn } from '#renderer/charts/plot/range.ts';
import { SeriesChart, warmChart } from '#renderer/charts/plot/series-chart.tsx';
import type { ChartMark, ChartSeries, FiringSpan } from '#renderer/charts/plot/types.ts';
import { words } from '#renderer/charts/plot/words.ts';
import { isFixed, resolveSpan, type Span, settledSpan, useConnections } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { formatTime } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, ErrorState, Loading, ProblemNote, StaleMark } from '#renderer/ui/states.tsx';
import { useNowInSteps } from '#renderer/ui/time.tsx';
import { useWidth } from '#renderer/ui/use-width.ts';
import { asksOf, bucketFor, type ChartAsk, edgeAsksOf } from './asks.ts';
import { type Comparison, comparedStretch, layOver } from './compare.ts';
import { figuresOf } from './fit.ts';
import { LegendRow } from './legend-row.tsx';
import { linesOf, namedLines } from './lines.ts';
import { RoundChart } from './round-chart.tsx';
import { StatChart } from './stat.tsx';
import { useAnswers } from './use-answers.tsx';
import { ValueTable } from './value-table.tsx';

/** What a chart shows, for what stands beside it: a legend, a table of values, an export. */
export interface ChartPicture {
  /** All lines of the present answer, and those of them that are drawn. */
  lines: ChartSeries[];
  shown: ChartSeries[];
  /** The lines of `compare`, with `before` after the id of the line they belong to. */
  overlays: ChartSeries[];
  stretch: Stretch;
  bucketMs: number;
  /** Up to when the backend has confirmed all of it, ms; null when nothing is known. */
  asOf: number | null;
  missing: Stretch[];
  /** For which of the range points are gone or may be, because the backend's store was damaged. */
  damaged: Stretch[];
  /** The answer to the present question is still under way. */
  reading: boolean;
  /** Why nothing could be read, or why what is shown is not all; undefined when all is well. */
  problem: unknown;
}

export interface TimeChartProps {
  definition: ChartDrawing;
  connectionId: string | undefined;
  range: Span;
  /** Values of the variables its selectors name; those of the definition's own variables stand in for the rest. */
  values?: VariableValues | undefined;
  /** For people who don't see it; its title and range otherwise. */
  label?: string;
  /** The same measure an earlier day, drawn faint beneath. */
  compare?: Comparison | undefined;
  /** Bucket width in place of the definition's, ms. */
  bucketMs?: number | undefined;
  /** When alerts fired, and what else happened. */
  spans?: readonly FiringSpan[];
  marks?: readonly ChartMark[];
  /** Names of the lines shown; absent shows all, or those picked in the legend. */
  only?: readonly string[] | undefined;
  /** A row under the plot that tells several lines apart; off where a legend stands beside the chart. Default on. */
  legend?: boolean;
  /** Id of the one line at full strength. */
  emphasis?: string | null;
  /** The picture stands still: nothing new is shown until this ends. */
  paused?: boolean;
  /** The value axis follows the data, whatever ends the definition fixes. */
  fit?: boolean;
  mini?: boolean;
  /** Zoom by the wheel too; off where the page around it scrolls. */
  wheel?: boolean;
  onStretch?: ((stretch: Stretch) => void) | undefined;
  onBack?: (() => void) | undefined;
  onPicture?: ((picture: ChartPicture) => void) | undefined;
  className?: string;
}

const nothing: readonly ChartAsk[] = [];
const noLines: ChartSeries[] = [];
/** A live chart moves on by a bucket, within these limits, ms. */
const minStepMs = 1_000;
const maxStepMs = 60_000;
/** Types without an axis of time. */
const untimed: ReadonlySet<ChartDrawing['type']> = new Set(['stat', 'table', 'pie', 'gauge']);
/** Types that draw lines of several colours into one plot; a band's lines come in threes. */
const plotted: ReadonlySet<ChartDrawing['type']> = new Set(['line', 'area', 'step', 'bar', 'scatter']);

/**
 * A chart definition, drawn: it reads its own series, live where the range is, and says itself when it is reading, empty, failed or old.
 * It has no title.
 */
export function TimeChart(props: TimeChartProps) {
  const { connectionId, compare, paused = false } = props;
  // Equal questions are one question, however often their words are made anew.
  const definition = useStable(props.definition);
  const values = useStable(props.values);
  const [picked, setPicked] = useState<string[]>();
  const only = useStable(props.only ?? picked);
  const t = useText(words);
  const preferences = usePreferences();
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  useEffect(warmChart, []);
  const [stepMs, setStepMs] = useState(minStepMs);
  const now = useNowInSteps(stepMs);
  const range = useStable(settledSpan(props.range, now));
  const state = useConnections().data?.find((one) => one.id === connectionId)?.state;
  // By the minute, which every step ends with: the step follows from the bucket, so the bucket must not depend on the step.
  const bucketMs = props.bucketMs ?? bucketFor(definition, props.range, width, Math.floor(now / maxStepMs) * maxStepMs);
  const step = Math.min(maxStepMs, Math.max(minStepMs, bucketMs));
  if (step !== stepMs) setStepMs(step);
  const moving = Math.floor(now / step) * step;
  const held = useRef(moving);
  useEffect(() => {
    if (!paused) held.current = moving;
  });
  const edge = paused ? held.current : moving;
  // A bucket of a day is a day on the person's calendar.
  const timeZone = bucketMs === dayMs && preferences.clock === 'local' ? zoneOf('local') : undefined;
  const stretch = useMemo(() => resolveSpan(range, bucketMs, edge, timeZone), [range, bucketMs, edge, timeZone]);

  const { asks, refusal } = useMemo(() => {
    try {
      return { asks: asksOf(definition, values ?? {}, range, bucketMs, timeZone), refusal: null };
    } catch (error) {
      return { asks: nothing, refusal: error };
    }
  }, [definition, values, range, bucketMs, timeZone]);
  const past = useMemo(
    () => (compare ? comparedStretch(stretch, compare, preferences.clock, Math.max(bucketMs, 60_000)) : null),
    [compare, stretch, preferences.clock, bucketMs],
  );
  const pastAsks = useMemo(() => {
    if (!past) return nothing;
    return asks.map(({ key, name, ask }) => ({ key: `${key} before`, name, ask: { ...ask, span: past } }));
  }, [asks, past]);
  const edges = useMemo(() => edgeAsksOf(definition, asks), [definition, asks]);
  const all = useMemo(
    () => [...asks, ...pastAsks, ...[...edges.least, ...edges.greatest].filter((ask) => ask !== null)],
    [asks, pastAsks, edges],
  );
  const { readers, reads } = useAnswers(connectionId, all);
  const present = useMemo(() => reads.slice(0, asks.length), [reads, asks.length]);
  const own = useHeld(present, paused);
  const presentEdges = useMemo(() => {
    const answersOf = (side: readonly (ChartAsk | null)[]) =>
      side.map((ask) => ({ picture: ask ? reads[all.indexOf(ask)]?.picture : undefined, name: ask?.name }));
    return { least: answersOf(edges.least), greatest: answersOf(edges.greatest) };
  }, [edges, reads, all]);
  const ownEdges = useHeld(presentEdges, paused);

  const named = useMemo(() => {
    const lines = namedLines(
      own.map((read, i) => ({ picture: read?.picture, name: asks[i]?.name })),
      definition,
      { least: t('least'), greatest: t('greatest') },
    );
    return withExtremes(lines, linesOf(ownEdges.least, definition.title), linesOf(ownEdges.greatest, definition.title));
  }, [own, ownEdges, asks, definition, t]);
  const lines = useMemo(() => {
    const shown = only === undefined ? named : named.filter(({ name }) => only.includes(name));
    return shown.length === 0 ? named : shown;
  }, [named, only]);
  const overlays = useMemo(() => {
    if (!compare) return noLines;
    const before = namedLines(
      reads.slice(asks.length).map((read, i) => ({ picture: read?.picture, name: asks[i]?.name })),
      definition,
      { least: t('least'), greatest: t('greatest') },
    );
    return before.flatMap((line) => {
      const now = lines.find(({ id }) => id === line.id);
      if (!now) return [];
      const name = t('compared', { name: now.name, when: t(compare) });
      return [
        { ...line, ...layOver(line, stretch, compare, preferences.clock), id: `${line.id} before`, name, place: now.place, faint: true },
      ];
    });
  }, [compare, reads, asks, lines, definition, stretch, preferences.clock, t]);

  const drawn = useMemo(() => [...overlays, ...lines], [overlays, lines]);

  const pictures = own.flatMap((read) => read?.picture ?? []);
  const asOf =
    pictures.length === 0 ? null : pictures.reduce<number | null>((least, { asOf }) => earlier(least, asOf), Number.POSITIVE_INFINITY);
  const current = state === 'live' || isFixed(range);
  const gaps = JSON.stringify(mergeStretches(pictures.flatMap((picture) => picture.missing)));
  const missing = useMemo(() => unknownIn(stretch, JSON.parse(gaps) as Stretch[], asOf, current), [stretch, gaps, asOf, current]);
  const losses = JSON.stringify(damageIn(stretch, pictures));
  const damaged = useMemo(() => JSON.parse(losses) as Stretch[], [losses]);
  const reading = asks.length > 0 && own.some((read) => !read || (read.fetching && !read.picture));
  const error = refusal ?? (pictures.length === 0 ? own.find((read) => read?.error)?.error : undefined);
  const problem = pictures.find((picture) => picture.problem)?.problem;
  const told = error ?? problem ?? undefined;
  const { onPicture } = props;
  useEffect(() => {
    onPicture?.({ lines: named, shown: lines, overlays, stretch, bucketMs, asOf, missing, damaged, reading, problem: told });
  }, [onPicture, named, lines, overlays, stretch, bucketMs, asOf, missing, damaged, reading, told]);

  const retry = () => {
    for (const read of reads) read?.retry();
  };
  const stale = state !== undefined && state !== 'live' && pictures.length > 0 && !paused;
  const label = props.label ?? `${definition.title}, ${formatTime(stretch.from, preferences)} – ${formatTime(stretch.to, preferences)}`;
  const pointMs = definition.aggregation === 'raw' ? 0 : bucketMs;
  const end = Math.min(edge, stretch.to);
  const body = (): ReactNode => {
    if (error) return <ErrorState title={t(refusal ? 'notDrawable' : 'readFailed')} error={error} retry={refusal ? undefined : retry} />;
    if (lines.length === 0 && reading) return <Loading label={t('reading')} rows={3} />;
    if (lines.length === 0) {
      const why = damaged.length > 0 ? 'emptyDamaged' : isAllMissing(missing, stretch) ? 'emptyMissing' : 'empty';
      return <Empty className="size-full p-2">{t(why)}</Empty>;
    }
    if (definition.type === 'stat')
      return <StatChart definition={definition} lines={lines} stretch={stretch} bucketMs={pointMs} end={end} />;
    if (definition.type === 'table')
      return <ValueTable definition={definition} lines={lines} stretch={stretch} bucketMs={pointMs} end={end} />;
    if (definition.type === 'pie' || definition.type === 'gauge') {
      return (
        <Suspense fallback={<Loading label={t('drawing')} rows={0} />}>
          <RoundChart definition={definition} figures={figuresOf(lines, definition, stretch, pointMs, end)} label={label} end={end} />
        </Suspense>
      );
    }
    return (
      <SeriesChart
        label={label}
        series={drawn}
        stretch={stretch}
        bucketMs={pointMs}
        unit={definition.unit}
        decimals={definition.decimals}
        type={definition.type}
        scale={definition.scale}
        stacked={definition.stacked}
        min={props.fit ? undefined : definition.min}
        max={props.fit ? undefined : definition.max}
        thresholds={definition.thresholds}
        missing={missing}
        damaged={damaged}
        emphasis={props.emphasis ?? null}
        mini={props.mini ?? false}
        onStretch={props.onStretch}
        onBack={props.onBack}
        {...(props.spans ? { spans: props.spans } : {})}
        {...(props.marks ? { marks: props.marks } : {})}
        {...(props.wheel === undefined ? {} : { wheel: props.wheel })}
      />
    );
  };
  return (
    <div ref={holder} className={cn('flex size-full min-h-0 flex-col', stale && 'hatched-edge ps-3', props.className)}>
      {readers}
      {stale && <StaleMark asOf={asOf} />}
      {!stale && problem && <ProblemNote problem={problem} className="shrink-0" />}
      {!stale && !problem && missing.length > 0 && lines.length > 0 && (
        <StatusSymbol status="stale" label={t('missing', { count: missing.length })} className="shrink-0 text-sm" />
      )}
      <DamageNote damaged={damaged} isCrossed={!untimed.has(definition.type) && lines.length > 0} className="shrink-0" />
      <div className="relative min-h-0 flex-1">{body()}</div>
      {props.legend !== false && !props.mini && !error && plotted.has(definition.type) && (
        <LegendRow lines={named} only={picked} onOnly={setPicked} />
      )}
    </div>
  );
}

/** What of a stretch the answers behind a chart say is damaged. */
const damageIn = ({ from, to }: Stretch, pictures: readonly { damaged: readonly Stretch[] }[]): Stretch[] =>
  mergeStretches(pictures.flatMap(({ damaged }) => damaged.map((one) => ({ from: Math.max(from, one.from), to: Math.min(to, one.to) }))));

/** The earlier of two times, where null is never. */
const earlier = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.min(a, b));

/** The value, as the same object for as long as it says the same. */
function useStable<T>(value: T): T {
  const text = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it says stands for the value
  return useMemo(() => value, [text]);
}

/** The last value seen before `hold` became true, for as long as it stays so. */
function useHeld<T>(value: T, hold: boolean): T {
  const held = useRef(value);
  useEffect(() => {
    if (!hold) held.current = value;
  });
  return hold ? held.current : value;
}
