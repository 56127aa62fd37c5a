import { useMemo } from 'react';
import type { PlotState } from '#renderer/charts/engine/index.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { useStable } from '#renderer/ui/use-stable.ts';
import { annotationsOf, frameOf, kindOf, linesOf, lookOf, stackOf } from './plot-state.ts';
import { useChartTheme } from './theme.ts';
import type { SeriesChartProps } from './types.ts';

/**
 * Returns everything the engine must know about a chart except its points. Each part stays the same object until its inputs change, so new
 * points alone change nothing here.
 * @param axisPx width that the labels of the value axis need, CSS pixels
 */
export function usePlotState(props: SeriesChartProps, axisPx: number): PlotState {
  const theme = useChartTheme();
  const preferences = usePreferences();
  const { series, unit, min, max, thresholds, firing, incidents, marks, missing, damaged } = props;
  const { emphasis = null, mini = false, scale = 'linear' } = props;
  const lines = useStable(useMemo(() => linesOf(series, emphasis, mini, theme), [series, emphasis, mini, theme]));
  const annotations = useMemo(
    () => annotationsOf({ thresholds, firing, incidents, marks, missing, damaged }, theme),
    [thresholds, firing, incidents, marks, missing, damaged, theme],
  );
  const look = useMemo(() => lookOf(theme, preferences, unit), [theme, preferences, unit]);
  const frame = useMemo(() => frameOf(theme, mini, look.rtl, axisPx), [theme, mini, look.rtl, axisPx]);
  const kind = kindOf(props.type);
  const stack = stackOf(kind, props.stacked ?? false, series);
  return useMemo(
    () => ({ lines, kind, stack, scale, min, max, annotations, frame, look, mini }),
    [lines, kind, stack, scale, min, max, annotations, frame, look, mini],
  );
}
