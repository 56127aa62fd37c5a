import { lazy } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { Figure } from './fit.ts';

export interface RoundChartProps {
  definition: ChartDrawing;
  figures: readonly Figure[];
  label: string;
  /** When the picture ends: now, or the end of a range in the past, ms. */
  end: number;
}

/** Pie and gauge, with the engine's largest part loaded when it is first needed. */
export const RoundChart = lazy(() => import('./round-canvas.tsx'));
