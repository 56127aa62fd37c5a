import { lazy } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { ChartSeries } from '../types.ts';

export interface RoundChartProps {
  definition: ChartDrawing;
  lines: readonly ChartSeries[];
  label: string;
}

/** Pie and gauge, with the engine's largest part loaded when it is first needed. */
export const RoundChart = lazy(() => import('./round-canvas.tsx'));
