export { type LinkState, useConsole, useLink } from '../rpc/context.ts';
export {
  saveChart,
  useCharts,
  useChartUsage,
  useChartVersion,
  useChartVersions,
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
export {
  intervalAt,
  isFixed,
  type MovingRange,
  queryKeys,
  type RangeQuery,
  rangeLength,
  settledRange,
  toViewRange,
  type ViewRange,
} from './keys.ts';
export type { SeriesPicture } from './newest.ts';
export { createQueryClient, LinkProvider } from './provider.tsx';
export {
  resolveRange,
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
  useRuleFirings,
  useRules,
  useRuleVersion,
  useRuleVersions,
  useSaveSettings,
  useSeries,
  useSettings,
  useSystem,
} from './queries.ts';
export { useReadings } from './readings.ts';
