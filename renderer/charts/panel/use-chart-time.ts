import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { dayMs } from '#common/time/durations.ts';
import type { Interval } from '#common/time/intervals.ts';
import { zoneOf } from '#common/time/zone.ts';
import { resolveRange, settledRange, type ViewRange } from '#renderer/domain/queries/index.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { useNowInSteps } from '#renderer/ui/time.tsx';
import { useStable } from '#renderer/ui/use-stable.ts';
import { useWidth } from '#renderer/ui/use-width.ts';
import { bucketFor } from './chart-queries.ts';

/** A live chart advances by one bucket at a time, within these limits, ms. */
const minStepMs = 1_000;
const maxStepMs = 60_000;

interface TimeOptions {
  range: ViewRange;
  /** Bucket width that overrides the definition's, ms. */
  bucketMs: number | undefined;
  /** Stops the clock. */
  paused: boolean;
}

/** The time that a chart shows. */
export interface ChartTime {
  range: ViewRange;
  /** The current interval, in whole buckets, ms. */
  interval: Interval;
  bucketMs: number;
  /** Time zone of buckets that are calendar days; undefined for buckets of a fixed width. */
  timeZone: string | undefined;
  /** When the picture ends: now, or the end of a range in the past, ms. */
  end: number;
}

/**
 * Returns the time that a chart shows, which advances with the clock. @param holder the chart's element: its width decides the width of the
 * buckets
 */
export function useChartTime(definition: ChartDrawing, holder: RefObject<HTMLElement | null>, options: TimeOptions): ChartTime {
  const { clock } = usePreferences();
  const width = useWidth(holder);
  const [stepMs, setStepMs] = useState(minStepMs);
  const now = useNowInSteps(stepMs);
  const range = useStable(settledRange(options.range, now));
  // Uses the time in whole minutes: the step depends on the bucket, so the bucket must not depend on the step.
  const bucketMs = options.bucketMs ?? bucketFor(definition, options.range, width, Math.floor(now / maxStepMs) * maxStepMs);
  const step = Math.min(maxStepMs, Math.max(minStepMs, bucketMs));
  if (step !== stepMs) setStepMs(step);
  const edge = useHeld(Math.floor(now / step) * step, options.paused);
  // A bucket of a day is a day on the local calendar.
  const timeZone = bucketMs === dayMs && clock === 'local' ? zoneOf('local') : undefined;
  const interval = useMemo(() => resolveRange(range, bucketMs, edge, timeZone), [range, bucketMs, edge, timeZone]);
  return { range, interval, bucketMs, timeZone, end: Math.min(edge, interval.to) };
}

/** Returns the last value seen before `hold` became true, for as long as it is true. */
export function useHeld<T>(value: T, hold: boolean): T {
  const held = useRef(value);
  useEffect(() => {
    if (!hold) held.current = value;
  });
  return hold ? held.current : value;
}
