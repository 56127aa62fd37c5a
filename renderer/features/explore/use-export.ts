import type { RefObject } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { Interval } from '#common/time/intervals.ts';
import { type ChartPicture, statsOf, useDamagedTimes } from '#renderer/charts/index.ts';
import { fileTime } from '#renderer/ui/export.ts';
import { formatDateTime, formatValue, formatZone } from '#renderer/ui/format.ts';
import { type Translate, useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { type ExportKind, savePicture, saveValues } from './downloads.ts';
import { words } from './words.ts';

type ExploreWord = keyof typeof words.en;

const withoutTimes: ReadonlySet<ChartDrawing['type']> = new Set(['pie', 'gauge']);

/** Returns the legend of a picture. Gauges and slices include their value, because no axis shows it. */
function legendOf({ shown }: ChartPicture, { type, unit, decimals }: ChartDrawing): { name: string; place: number }[] {
  return shown.map(({ name, place, t, v }) => {
    if (!withoutTimes.has(type)) return { name, place };
    const value = formatValue(statsOf({ t, v }, { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }).last, unit, decimals);
    return { name: `${name}  ${value}`, place };
  });
}

/** Returns why a kind of file isn't available for what is on screen; undefined if it is. */
export function exportDenied(
  kind: ExportKind,
  picture: ChartPicture | null,
  drawing: ChartDrawing | undefined,
  t: Translate<ExploreWord>,
): string | undefined {
  if (!picture || picture.shown.length === 0 || !drawing) return t('nothingToExport');
  const isText = drawing.type === 'stat' || drawing.type === 'table';
  const isRound = withoutTimes.has(drawing.type);
  return (kind === 'svg' && (isText || isRound)) || (kind === 'png' && isText) ? t('notAPicture') : undefined;
}

interface ExportOptions {
  picture: ChartPicture | null;
  drawing: ChartDrawing | undefined;
  what: string | undefined;
  /** The element that contains the chart. */
  chart: RefObject<HTMLElement | null>;
}

/** Saves what is on screen as a file; shows why if that fails. */
export function useExport({ picture, drawing, what, chart }: ExportOptions): (kind: ExportKind) => Promise<void> {
  const t = useText(words);
  const preferences = usePreferences();
  const timesOf = useDamagedTimes();
  return async (kind) => {
    if (!picture || picture.shown.length === 0 || !drawing) {
      toast({ message: t('nothingToExport'), tone: 'problem', lastsMs: 4_000 });
      return;
    }
    const { title, unit, aggregation } = drawing;
    const name = (what ?? 'series').replaceAll(/[^a-zA-Z0-9_-]+/g, '-');
    const { from, to } = picture.interval;
    const damaged = [...picture.damagedBefore, ...picture.damaged];
    const imageOptions = {
      name: `${name}-${fileTime(from)}`,
      title: unit === '' ? title : `${title} (${unit})`,
      subtitle: `${formatDateTime(from, preferences)} – ${formatDateTime(to, preferences)}, ${formatZone(from, preferences.clock)}`,
      note: damaged.length === 0 ? undefined : t('fileDamaged', { times: timesOf(damaged).join(', ') }),
      legend: legendOf(picture, drawing),
      rtl: preferences.language === 'ar',
    };
    try {
      const damagedNote = ({ to }: Interval) => t('fileDamagedTo', { to: new Date(to).toISOString() });
      const values = { name, title, unit, aggregation, time: t('fileTime'), note: t('fileNote'), damagedNote };
      if (kind === 'csv' || kind === 'json') saveValues(kind, picture, values);
      else if (!chart.current || !(await savePicture({ kind, element: chart.current, ...imageOptions })))
        toast({ message: t('notAPicture'), tone: 'problem', lastsMs: 4_000 });
    } catch (error) {
      toastError(t('exportFailed'), error);
    }
  };
}
