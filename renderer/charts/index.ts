export type { Comparison } from '#renderer/charts/panel/compare.ts';
export { linesOf } from '#renderer/charts/panel/lines.ts';
export { type Stats, statsOf } from '#renderer/charts/panel/stats.ts';
export { TimeChart } from '#renderer/charts/panel/time-chart.tsx';
export type { ChartPicture } from '#renderer/charts/panel/use-picture.ts';
export { DamageNote, useDamagedTimes } from '#renderer/charts/plot/damage-note.tsx';
export { chartIn, exportCanvas, exportChart } from '#renderer/charts/plot/export.ts';
export type { LegendEntry } from '#renderer/charts/plot/export-sheet.ts';
export { ChartGroup } from '#renderer/charts/plot/group.tsx';
export { isolate } from '#renderer/charts/plot/isolate.ts';

export * from '#renderer/charts/plot/range.ts';
export { SeriesChart } from '#renderer/charts/plot/series-chart.tsx';
export { ChartSurface } from '#renderer/charts/plot/surface.ts';
export { isDashed, seriesVariable } from '#renderer/charts/plot/theme.ts';
export type { ChartSeries, FiringInterval } from '#renderer/charts/plot/types.ts';
export { useZoom } from '#renderer/charts/plot/use-zoom.ts';
