import type { RefObject } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { ChartPicture } from '#renderer/charts/index.ts';
import { fileTime } from '#renderer/ui/export.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import type { ExportKind } from './action-bar.tsx';
import { savePicture, saveValues } from './downloads.ts';
import { words } from './words.ts';

interface ExportAsk {
  picture: ChartPicture | null;
  drawing: ChartDrawing | undefined;
  what: string | undefined;
  /** The element the chart stands in. */
  chart: RefObject<HTMLElement | null>;
}

/** Saves what is on screen as a file; says why where it cannot. */
export function useExport({ picture, drawing, what, chart }: ExportAsk): (kind: ExportKind) => Promise<void> {
  const t = useText(words);
  return async (kind) => {
    if (!picture || picture.shown.length === 0 || !drawing) {
      toast({ message: t('nothingToExport'), tone: 'problem', lastsMs: 4_000 });
      return;
    }
    const { title, unit, aggregation } = drawing;
    const name = (what ?? 'series').replaceAll(/[^a-zA-Z0-9_-]+/g, '-');
    try {
      if (kind === 'csv' || kind === 'json') saveValues(kind, picture, { name, title, unit, aggregation, time: t('fileTime') });
      else if (!chart.current || !(await savePicture(kind, chart.current, `${name}-${fileTime(picture.stretch.from)}`, title)))
        toast({ message: t('notAPicture'), tone: 'problem', lastsMs: 4_000 });
    } catch (error) {
      toastError(t('exportFailed'), error);
    }
  };
}
