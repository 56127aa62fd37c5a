export { type Columns, nearest } from './points.ts';
export * from './range.ts';
export { SeriesChart } from './series-chart.tsx';
export { noStats, type Stats, statsOf } from './stats.ts';
export { isDashed, seriesVariable } from './theme.ts';
export type { Comparison } from './time-chart/compare.ts';
export { linesOf } from './time-chart/lines.ts';
export { type ChartPicture, TimeChart, type TimeChartProps } from './time-chart/time-chart.tsx';
export type { ChartMark, ChartSeries, FiringSpan, SeriesChartProps, Threshold } from './types.ts';
