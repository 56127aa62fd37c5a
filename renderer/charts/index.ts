export { type Columns, nearest } from './points.ts';
export * from './range.ts';
export { noStats, type Stats, statsOf } from './stats.ts';
export { TimeChart } from './TimeChart.tsx';
export { isDashed, seriesVariable } from './theme.ts';
export type { ChartMark, ChartSeries, FiringSpan, Threshold, TimeChartProps } from './types.ts';
