export { type Link, type LinkState, useConsole, useLink } from '../rpc/context.ts';
export {
  type ChartToSave,
  saveChart,
  useCharts,
  useChartUsage,
  useChartVersion,
  useChartVersions,
  useSaveChart,
} from './charts.ts';
export {
  dashboardKeys,
  useDashboard,
  useDashboards,
  useDashboardVersion,
  useDashboardVersions,
  useDrafts,
  useThumbnail,
} from './dashboards.ts';
export { isFixed, type MovingSpan, queryKeys, type SeriesAsk, type Span, settledSpan, spanAt, spanLength, toSpan } from './keys.ts';
export type { SeriesPicture } from './newest.ts';
export { createQueryClient, LinkProvider } from './provider.tsx';
export {
  resolveSpan,
  useAlert,
  useAlerts,
  useBackend,
  useConnections,
  useConveyor,
  useLoaderRuns,
  useLoaders,
  useMetrics,
  useNotices,
  useOutbox,
  useRules,
  useSaveSettings,
  useSeries,
  useSettings,
  useSystem,
} from './queries.ts';
export { type Reading, useReadings } from './readings.ts';
