import { useMemo } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { Interval } from '#common/time/intervals.ts';
import { withExtremes } from '#renderer/charts/plot/extremes.ts';
import { mergeIntervals, unknownIn, within } from '#renderer/charts/plot/range.ts';
import type { ChartSeries } from '#renderer/charts/plot/types.ts';
import { words } from '#renderer/charts/plot/words.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { useStable } from '#renderer/ui/use-stable.ts';
import { type Comparison, damagedBefore, layOver } from './compare.ts';
import { linesOf, namedLines } from './lines.ts';
import type { ChartAnswers } from './use-answers.tsx';

/** The contents of a chart, for legends, tables of values and exports. */
export interface ChartPicture {
  /** All lines of the current result, and those that are drawn. */
  lines: ChartSeries[];
  shown: ChartSeries[];
  /** The lines of `compare`; their ids are those of the line they belong to, followed by `before`. */
  overlays: ChartSeries[];
  interval: Interval;
  bucketMs: number;
  /** Time up to which the backend has confirmed all of it, ms; null if unknown. */
  asOf: number | null;
  missing: Interval[];
  /** Intervals of the range whose points are lost or may be, because the backend's store was damaged. */
  damaged: Interval[];
  /** The damaged intervals of `overlays`, at their original times. */
  damagedBefore: Interval[];
  /** True while the current query is running. */
  reading: boolean;
  /** Why nothing could be read, or why the picture is incomplete; undefined if all is well. */
  problem: unknown;
}

interface PictureOptions {
  definition: ChartDrawing;
  time: { interval: Interval; bucketMs: number };
  /** Names of the lines shown; absent shows all. */
  only: readonly string[] | undefined;
  compare: Comparison | undefined;
  /** The picture is kept up to date, or doesn't need to be. False makes everything after the last result unknown. */
  current: boolean;
}

const noLines: ChartSeries[] = [];
const noLosses: Interval[] = [];

/** Returns a chart's picture of its results; the same object until something in it changes. */
export function usePicture(answers: ChartAnswers, { definition, time, only, compare, current }: PictureOptions): ChartPicture {
  const { own, reading } = answers;
  const { interval, bucketMs } = time;
  const lines = useLines(answers, definition);
  const shown = useMemo(() => {
    const chosen = only === undefined ? lines : lines.filter(({ name }) => only.includes(name));
    return chosen.length === 0 ? lines : chosen;
  }, [lines, only]);
  const overlays = useOverlays(answers.past, shown, { definition, interval, compare });
  const {
    asOf,
    known,
    losses,
    problem: partial,
  } = useMemo(() => {
    const pictures = own.flatMap(({ picture }) => picture ?? []);
    return {
      asOf: pictures.length === 0 ? null : pictures.reduce<number | null>((least, one) => earlier(least, one.asOf), Infinity),
      known: mergeIntervals(pictures.flatMap((picture) => picture.missing)),
      losses: mergeIntervals(pictures.flatMap((picture) => picture.damaged.map((one) => within(one, interval)))),
      problem: pictures.find((picture) => picture.problem)?.problem,
    };
  }, [own, interval]);
  const missing = useStable(useMemo(() => unknownIn(interval, known, asOf, current), [interval, known, asOf, current]));
  const damaged = useStable(losses);
  const before = usePastLosses(answers.past, interval, compare);
  const problem = failureOf(answers) ?? partial ?? undefined;
  return useMemo(
    () => ({ lines, shown, overlays, interval, bucketMs, asOf, missing, damaged, damagedBefore: before, reading, problem }),
    [lines, shown, overlays, interval, bucketMs, asOf, missing, damaged, before, reading, problem],
  );
}

/** Returns why nothing at all can be shown; undefined while something can, or may yet arrive. */
export const failureOf = ({ own, refusal, error }: ChartAnswers): unknown =>
  refusal ?? (own.some(({ picture }) => picture) ? undefined : error) ?? undefined;

/** Returns all lines of the current results, with the extremes of their buckets. */
function useLines({ own, least, greatest }: ChartAnswers, definition: ChartDrawing): ChartSeries[] {
  const t = useText(words);
  return useMemo(() => {
    const lines = namedLines(own, definition, { least: t('least'), greatest: t('greatest') });
    return withExtremes(lines, linesOf(least, definition.title), linesOf(greatest, definition.title));
  }, [own, least, greatest, definition, t]);
}

interface OverlayOptions {
  definition: ChartDrawing;
  interval: Interval;
  compare: Comparison | undefined;
}

/** Returns past lines, moved over the ones shown. */
function useOverlays(
  past: ChartAnswers['past'],
  shown: readonly ChartSeries[],
  { definition, interval, compare }: OverlayOptions,
): ChartSeries[] {
  const t = useText(words);
  const { clock } = usePreferences();
  return useMemo(() => {
    if (!compare) return noLines;
    return namedLines(past, definition, { least: t('least'), greatest: t('greatest') }).flatMap((line) => {
      const now = shown.find(({ id }) => id === line.id);
      if (!now) return [];
      const name = t('compared', { name: now.name, when: t(compare) });
      return [{ ...line, ...layOver(line, interval, compare, clock), id: `${line.id} before`, name, place: now.place, faint: true }];
    });
  }, [compare, past, shown, definition, interval, clock, t]);
}

/** Returns the damaged intervals of the past that the chart is compared with. */
function usePastLosses(past: ChartAnswers['past'], interval: Interval, compare: Comparison | undefined): Interval[] {
  const { clock } = usePreferences();
  const losses = useMemo(() => {
    const damaged = past.flatMap(({ picture }) => picture?.damaged ?? []);
    return compare && damaged.length > 0 ? damagedBefore(damaged, interval, compare, clock) : noLosses;
  }, [past, interval, compare, clock]);
  return useStable(losses);
}

/** Returns the earlier of two times, where null is earliest. */
const earlier = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.min(a, b));
