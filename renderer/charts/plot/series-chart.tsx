import { lazy, Suspense } from 'react';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import type { SeriesChartProps } from './types.ts';
import { words } from './words.ts';

// The engine is the largest part of the console, so the shell paints before it is loaded.
const load = () => import('./chart-canvas.tsx');
const ChartCanvas = lazy(load);

/** Loads the engine and starts its worker while a chart's points are still being read. */
export function warmChart(): void {
  void load().then(({ warmCharts }) => warmCharts());
}

/**
 * Draws one or more lines over time. A silence is a gap, missing data is hatched, nothing is interpolated. The wheel zooms at the pointer,
 * a drag selects, double-click goes back; keys do the same.
 */
export function SeriesChart(props: SeriesChartProps) {
  const t = useText(words);
  return (
    <Suspense
      fallback={
        <div role="status" className={cn('grid size-full place-content-center text-faint text-sm', props.className)}>
          {t('drawing')}
        </div>
      }
    >
      <ChartCanvas {...props} />
    </Suspense>
  );
}
