import { useQuery } from '@tanstack/react-query';
import type { ChartDefinition } from '#common/contract/charts.ts';
import type { ConsoleClient } from '#common/contract/console/index.ts';
import { useConsole } from '../rpc/context.ts';
import { queryKeys } from './keys.ts';

/** All chart definitions of a connection, kept fresh by events. */
export function useCharts(connectionId: string | undefined) {
  const { charts } = useConsole();
  return useQuery({
    queryKey: queryKeys.charts(connectionId ?? ''),
    queryFn: ({ signal }) => charts.list({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}

/** The dashboards and rules that use each chart, by its code. */
export function useChartUsage(connectionId: string | undefined) {
  const { charts } = useConsole();
  return useQuery({
    queryKey: queryKeys.chartUsage(connectionId ?? ''),
    queryFn: ({ signal }) => charts.usage({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}

/** The history of a chart, newest first. */
export function useChartVersions(connectionId: string | undefined, code: string | undefined) {
  const { charts } = useConsole();
  return useQuery({
    queryKey: queryKeys.chart(connectionId ?? '', code ?? '', 'versions'),
    queryFn: ({ signal }) => charts.versions({ connectionId: connectionId ?? '', code: code ?? '' }, signal),
    enabled: connectionId !== undefined && code !== undefined,
  });
}

/** A chart as it was in one version. */
export function useChartVersion(connectionId: string | undefined, code: string | undefined, version: number | undefined) {
  const { charts } = useConsole();
  return useQuery({
    queryKey: queryKeys.chart(connectionId ?? '', code ?? '', `version ${version}`),
    queryFn: ({ signal }) => charts.version({ connectionId: connectionId ?? '', code: code ?? '', version: version ?? 1 }, signal),
    enabled: connectionId !== undefined && code !== undefined && version !== undefined,
  });
}

/** A definition as it is saved: with the version that was read it replaces that one, without it is new. */
export interface ChartToSave {
  chart: ChartDefinition;
  version: number | undefined;
}

/** @throws AppError `conflict` where the code is taken, `version_conflict` where somebody was faster */
export function saveChart(charts: ConsoleClient['charts'], connectionId: string, { chart, version }: ChartToSave) {
  return version === undefined ? charts.create({ connectionId, chart }) : charts.update({ connectionId, chart: { ...chart, version } });
}
