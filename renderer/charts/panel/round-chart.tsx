import { lazy } from 'react';
/** Pie and gauge. Loads ECharts when the first one is shown. */
export const RoundChart = lazy(() => import('./round-canvas.tsx'));
