import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { dayMs } from '#common/time/durations.ts';
import { zoneOf } from '#common/time/zone.ts';
import type { Stretch } from '#renderer/charts/plot/range.ts';
import { resolveSpan, settledRange, type ViewRange } from '#renderer/domain/queries/index.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { useNowInSteps } from '#renderer/ui/time.tsx';
import { useStable } from '#renderer/ui/use-stable.ts';
import { useWidth } from '#renderer/ui/use-width.ts';
import { bucketFor } from './asks.ts';

/** A live chart moves on by a bucket, within these limits, ms. */
const minStepMs = 1_000;
const maxStepMs = 60_000;

interface TimeAsk {
  range: ViewRange;
  /** Bucket width in place of the definition's, ms. */
  bucketMs: number | undefined;
  /** Time stands still. */
  paused: boolean;
}

/** The time a chart shows. */
export interface ChartTime {
  range: ViewRange;
  /** The range now, in whole buckets, ms. */
  stretch: Stretch;
  bucketMs: number;
  /** Zone whose calendar days the buckets are; undefined where they are of a fixed width. */
  timeZone: string | undefined;
  /** When the picture ends: now, or the end of a range in the past, ms. */
  end: number;
}

/** The time a chart shows, moved on with the clock. @param holder where it is drawn: its width decides the width of the buckets */
export function useChartTime(definition: ChartDrawing, holder: RefObject<HTMLElement | null>, ask: TimeAsk): ChartTime {
  const { clock } = usePreferences();
  const width = useWidth(holder);
  const [stepMs, setStepMs] = useState(minStepMs);
  const now = useNowInSteps(stepMs);
  const range = useStable(settledRange(ask.range, now));
  // By the minute, which every step ends with: the step follows from the bucket, so the bucket must not depend on the step.
  const bucketMs = ask.bucketMs ?? bucketFor(definition, ask.range, width, Math.floor(now / maxStepMs) * maxStepMs);
  const step = Math.min(maxStepMs, Math.max(minStepMs, bucketMs));
  if (step !== stepMs) setStepMs(step);
  const edge = useHeld(Math.floor(now / step) * step, ask.paused);
  // A bucket of a day is a day on the person's calendar.
  const timeZone = bucketMs === dayMs && clock === 'local' ? zoneOf('local') : undefined;
  const stretch = useMemo(() => resolveSpan(range, bucketMs, edge, timeZone), [range, bucketMs, edge, timeZone]);
  return { range, stretch, bucketMs, timeZone, end: Math.min(edge, stretch.to) };
}

/** The last value seen before `hold` became true, for as long as it stays so. */
export function useHeld<T>(value: T, hold: boolean): T {
  const held = useRef(value);
  useEffect(() => {
    if (!hold) held.current = value;
  });
  return hold ? held.current : value;
}
