import { useQuery } from '@tanstack/react-query';
import type { ChartDefinition } from '#common/contract/charts.ts';
import type { ConsoleClient } from '#common/contract/console/index.ts';
import { useConsole } from '../rpc/context.ts';
import { queryKeys } from './keys.ts';

/** Queries all chart definitions of a connection; events keep them current. */
export function useCharts(connectionId: string | undefined) {
  const { charts } = useConsole();
  return useQuery({
    queryKey: queryKeys.charts(connectionId ?? ''),
    queryFn: ({ signal }) => charts.list({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}

/** Queries the dashboards and rules that use each chart, by its code. */
export function useChartUsage(connectionId: string | undefined) {
  const { charts } = useConsole();
  return useQuery({
    queryKey: queryKeys.chartUsage(connectionId ?? ''),
    queryFn: ({ signal }) => charts.usage({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}

/** Queries the versions of a chart, newest first. */
export function useChartVersions(connectionId: string | undefined, code: string | undefined) {
  const { charts } = useConsole();
  return useQuery({
    queryKey: queryKeys.chart(connectionId ?? '', code ?? '', 'versions'),
    queryFn: ({ signal }) => charts.versions({ connectionId: connectionId ?? '', code: code ?? '' }, signal),
    enabled: connectionId !== undefined && code !== undefined,
  });
}

/** Queries one version of a chart. */
export function useChartVersion(connectionId: string | undefined, code: string | undefined, version: number | undefined) {
  const { charts } = useConsole();
  return useQuery({
    queryKey: queryKeys.chart(connectionId ?? '', code ?? '', `version ${version}`),
    queryFn: ({ signal }) => charts.version({ connectionId: connectionId ?? '', code: code ?? '', version: version ?? 1 }, signal),
    enabled: connectionId !== undefined && code !== undefined && version !== undefined,
  });
}

/** A definition to save: with the version that was read it replaces that one; without, it creates a chart. */
export interface ChartToSave {
  chart: ChartDefinition;
  version: number | undefined;
}

/** @throws AppError `conflict` if the code is taken, `version_conflict` if somebody else saved first */
export function saveChart(charts: ConsoleClient['charts'], connectionId: string, { chart, version }: ChartToSave) {
  return version === undefined ? charts.create({ connectionId, chart }) : charts.update({ connectionId, chart: { ...chart, version } });
}
