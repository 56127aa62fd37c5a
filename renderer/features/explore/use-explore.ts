import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Aggregation } from '#common/contract/signals.ts';
import { type Stretch, unknownIn } from '#renderer/charts/index.ts';
import {
  resolveSpan,
  type SeriesAsk,
  type SeriesPicture,
  type Span,
  useCharts,
  useLoaders,
  useMetrics,
  useSeries,
} from '#renderer/link/index.ts';
import { useNow } from '#renderer/ui/time.tsx';
import { bucketOf, type ExploreAddress, type Subject, subjectsOf } from './question.ts';

/** Width of an element in steps of 100 px: a few pixels more need no new question. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1_000);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setWidth(Math.max(200, Math.round(entry.contentRect.width / 100) * 100));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** All that can be drawn on this connection, and whether that list has been read yet. */
export function useSubjects(connectionId: string | undefined) {
  const charts = useCharts(connectionId);
  const loaders = useLoaders(connectionId);
  const metrics = useMetrics(connectionId);
  const subjects = useMemo(
    () => subjectsOf(charts.data?.charts ?? [], loaders.data?.value ?? [], metrics.data?.metrics ?? []),
    [charts.data, loaders.data, metrics.data],
  );
  return { subjects, reading: charts.isPending, error: charts.error, retry: charts.refetch };
}

/** The last value seen before `hold` became true, for as long as it stays so. */
function useHeld<T>(value: T, hold: boolean): T {
  const held = useRef(value);
  useEffect(() => {
    if (!hold) held.current = value;
  });
  return hold ? (held.current ?? value) : value;
}

export const spanLength = (span: Span): number => ('from' in span ? span.to - span.from : span.lastMs);

/** How far apart redraws of a live edge are, ms: a pixel or so, between one second and one minute. */
const edgeStep = (bucketMs: number): number => Math.min(60_000, Math.max(1_000, bucketMs));

/** The series on screen and the stretch they are drawn over; a live edge moves with the clock, with or without new points. */
export function usePicture(
  connection: Connection | undefined,
  subject: Subject | undefined,
  address: ExploreAddress,
  span: Span,
  widthPx: number,
) {
  const agg: Aggregation = address.agg ?? subject?.aggregation ?? 'avg';
  const paused = address.paused ?? false;
  const bucketMs = bucketOf(address, agg, spanLength(span), widthPx);
  const ask = useMemo<SeriesAsk | undefined>(
    () => subject && { selector: subject.selector, aggregation: agg, bucketMs, span },
    [subject, agg, bucketMs, span],
  );
  const answer = useSeries(connection?.id, ask);
  const now = useNow();
  const edge = useHeld(Math.floor(now / edgeStep(bucketMs)) * edgeStep(bucketMs), paused);
  const stretch = useMemo<Stretch>(() => resolveSpan(span, bucketMs, edge), [span, bucketMs, edge]);
  const picture = useHeld<SeriesPicture | undefined>(
    answer.isPlaceholderData && answer.data?.series.length === 0 ? undefined : answer.data,
    paused,
  );
  const live = connection?.state === 'live';
  const asOf = picture?.asOf ?? null;
  const current = live || 'from' in span;
  const missing = useMemo(() => unknownIn(stretch, picture?.missing ?? [], asOf, current), [stretch, picture, asOf, current]);
  return { agg, bucketMs, answer, picture, stretch, missing, paused };
}
