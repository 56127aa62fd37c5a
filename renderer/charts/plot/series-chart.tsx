import { lazy, Suspense } from 'react';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import type { SeriesChartProps } from './types.ts';
import { words } from './words.ts';

// The engine is the largest part of the console: the shell paints before it is asked for.
const load = () => import('./chart-canvas.tsx');
const ChartCanvas = lazy(load);

/** Loads the engine and starts its worker while the points of a chart are still being read. */
export function warmChart(): void {
  void load().then(({ warmCharts }) => warmCharts());
}

/**
 * One or more lines over time. Points are drawn as they are: a silence is a gap, what is missing is hatched, nothing is
 * interpolated. The wheel zooms at the pointer, a drag selects, double-click goes back; keys do the same.
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
