/** The chart engine: plain TypeScript on a canvas and a worker; no React, no ECharts. */

export {
  type Annotations,
  type AxisLabels,
  type Frame,
  type Look,
  marginFor,
  type Room,
  type Scene,
  ticksOf,
} from './furniture.ts';
export type { Means } from './layer.ts';
export { plainState } from './plain.ts';
export { type Drawn, Plot } from './plot.ts';
export { heldBytes } from './pool.ts';
export type { PlotKind, ReadAnswer, Stack } from './protocol.ts';
export { axisTicks, logAxis, sameAxis, type ValueAxis, valueAxis } from './scale.ts';
export type { PlotLine, PlotState } from './state.ts';
export { SvgPen } from './svg-pen.ts';
export { timeLabel } from './ticks.ts';
export { warmCharts } from './warm.ts';
export { gpuContext, gpuState } from './webgl.ts';
