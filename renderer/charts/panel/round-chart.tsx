import { lazy } from 'react';
/** Pie and gauge, with the engine's largest part loaded when it is first needed. */
export const RoundChart = lazy(() => import('./round-canvas.tsx'));
