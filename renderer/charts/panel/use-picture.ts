import { useMemo } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { withExtremes } from '#renderer/charts/plot/extremes.ts';
import { mergeStretches, type Stretch, unknownIn, within } from '#renderer/charts/plot/range.ts';
import type { ChartSeries } from '#renderer/charts/plot/types.ts';
import { words } from '#renderer/charts/plot/words.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { useStable } from '#renderer/ui/use-stable.ts';
import { type Comparison, damagedBefore, layOver } from './compare.ts';
import { linesOf, namedLines } from './lines.ts';
import type { ChartAnswers } from './use-answers.tsx';

/** What a chart shows, for what uses it: a legend, a table of values, an export. */
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
  /** The same for the points of `overlays`, at their own times. */
  damagedBefore: Stretch[];
  /** The answer to the present question is still under way. */
  reading: boolean;
  /** Why nothing could be read, or why what is shown is not all; undefined when all is well. */
  problem: unknown;
}

interface PictureAsk {
  definition: ChartDrawing;
  time: { stretch: Stretch; bucketMs: number };
  /** Names of the lines shown; absent shows all. */
  only: readonly string[] | undefined;
  compare: Comparison | undefined;
  /** The picture is kept up to date, or needs not be. False makes everything after the last answer unknown. */
  current: boolean;
}

const noLines: ChartSeries[] = [];
const noLosses: Stretch[] = [];

/** The picture a chart shows of its answers; the same object until something in it changes. */
export function usePicture(answers: ChartAnswers, { definition, time, only, compare, current }: PictureAsk): ChartPicture {
  const { own, reading } = answers;
  const { stretch, bucketMs } = time;
  const lines = useLines(answers, definition);
  const shown = useMemo(() => {
    const chosen = only === undefined ? lines : lines.filter(({ name }) => only.includes(name));
    return chosen.length === 0 ? lines : chosen;
  }, [lines, only]);
  const overlays = useOverlays(answers.past, shown, { definition, stretch, compare });
  const {
    asOf,
    known,
    losses,
    problem: partial,
  } = useMemo(() => {
    const pictures = own.flatMap(({ picture }) => picture ?? []);
    return {
      asOf: pictures.length === 0 ? null : pictures.reduce<number | null>((least, one) => earlier(least, one.asOf), Infinity),
      known: mergeStretches(pictures.flatMap((picture) => picture.missing)),
      losses: mergeStretches(pictures.flatMap((picture) => picture.damaged.map((one) => within(one, stretch)))),
      problem: pictures.find((picture) => picture.problem)?.problem,
    };
  }, [own, stretch]);
  const missing = useStable(useMemo(() => unknownIn(stretch, known, asOf, current), [stretch, known, asOf, current]));
  const damaged = useStable(losses);
  const before = usePastLosses(answers.past, stretch, compare);
  const problem = failureOf(answers) ?? partial ?? undefined;
  return useMemo(
    () => ({ lines, shown, overlays, stretch, bucketMs, asOf, missing, damaged, damagedBefore: before, reading, problem }),
    [lines, shown, overlays, stretch, bucketMs, asOf, missing, damaged, before, reading, problem],
  );
}

/** Why nothing at all can be shown; undefined while something can be, or may come. */
export const failureOf = ({ own, refusal, error }: ChartAnswers): unknown =>
  refusal ?? (own.some(({ picture }) => picture) ? undefined : error) ?? undefined;

/** All lines of the present answers, with the extremes of their buckets. */
function useLines({ own, least, greatest }: ChartAnswers, definition: ChartDrawing): ChartSeries[] {
  const t = useText(words);
  return useMemo(() => {
    const lines = namedLines(own, definition, { least: t('least'), greatest: t('greatest') });
    return withExtremes(lines, linesOf(least, definition.title), linesOf(greatest, definition.title));
  }, [own, least, greatest, definition, t]);
}

interface OverlayAsk {
  definition: ChartDrawing;
  stretch: Stretch;
  compare: Comparison | undefined;
}

/** The lines of the past, laid over those shown. */
function useOverlays(
  past: ChartAnswers['past'],
  shown: readonly ChartSeries[],
  { definition, stretch, compare }: OverlayAsk,
): ChartSeries[] {
  const t = useText(words);
  const { clock } = usePreferences();
  return useMemo(() => {
    if (!compare) return noLines;
    return namedLines(past, definition, { least: t('least'), greatest: t('greatest') }).flatMap((line) => {
      const now = shown.find(({ id }) => id === line.id);
      if (!now) return [];
      const name = t('compared', { name: now.name, when: t(compare) });
      return [{ ...line, ...layOver(line, stretch, compare, clock), id: `${line.id} before`, name, place: now.place, faint: true }];
    });
  }, [compare, past, shown, definition, stretch, clock, t]);
}

/** The damaged intervals of the past that the chart is compared with. */
function usePastLosses(past: ChartAnswers['past'], stretch: Stretch, compare: Comparison | undefined): Stretch[] {
  const { clock } = usePreferences();
  const losses = useMemo(() => {
    const damaged = past.flatMap(({ picture }) => picture?.damaged ?? []);
    return compare && damaged.length > 0 ? damagedBefore(damaged, stretch, compare, clock) : noLosses;
  }, [past, stretch, compare, clock]);
  return useStable(losses);
}

/** The earlier of two times, where null is never. */
const earlier = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.min(a, b));
