import { keepPreviousData, type QueryClient, useQuery } from '@tanstack/react-query';
import type { ConsoleClient } from '#common/contract/console/index.ts';
import { useConsole } from '../rpc/context.ts';

/** Query keys of dashboards. */
export const dashboardKeys = {
  list: (connectionId: string) => ['dashboards', connectionId] as const,
  one: (connectionId: string, code: string) => ['dashboard', connectionId, code] as const,
  part: (connectionId: string, code: string, what: string) => ['dashboard', connectionId, code, what] as const,
  drafts: (connectionId: string) => ['dashboard-drafts', connectionId] as const,
};

/** Keeps dashboards on screen current by events. @returns a function that stops it */
export function feedDashboards(client: ConsoleClient, queries: QueryClient): () => void {
  const stops = [
    client.dashboards.onChanged(({ connectionId, code }) => {
      void queries.invalidateQueries({ queryKey: dashboardKeys.list(connectionId) }, { cancelRefetch: false });
      const touched = code === null ? ['dashboard', connectionId] : dashboardKeys.one(connectionId, code);
      void queries.invalidateQueries({ queryKey: touched }, { cancelRefetch: false });
    }),
    client.dashboards.onDraftsChanged(({ connectionId }) => queries.invalidateQueries({ queryKey: dashboardKeys.drafts(connectionId) })),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Queries all dashboards of a connection. */
export function useDashboards(connectionId: string | undefined) {
  const { dashboards } = useConsole();
  return useQuery({
    queryKey: dashboardKeys.list(connectionId ?? ''),
    queryFn: ({ signal }) => dashboards.list({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}

export function useDashboard(connectionId: string | undefined, code: string) {
  const { dashboards } = useConsole();
  return useQuery({
    queryKey: dashboardKeys.one(connectionId ?? '', code),
    queryFn: ({ signal }) => dashboards.get({ connectionId: connectionId ?? '', code }, signal),
    enabled: connectionId !== undefined,
  });
}

/** Queries the versions of a dashboard, newest first. */
export function useDashboardVersions(connectionId: string, code: string) {
  const { dashboards } = useConsole();
  return useQuery({
    queryKey: dashboardKeys.part(connectionId, code, 'versions'),
    queryFn: ({ signal }) => dashboards.versions({ connectionId, code }, signal),
  });
}

/** Queries one version of a dashboard. */
export function useDashboardVersion(connectionId: string, code: string, version: number | undefined) {
  const { dashboards } = useConsole();
  return useQuery({
    queryKey: dashboardKeys.part(connectionId, code, `version ${version}`),
    queryFn: ({ signal }) => dashboards.version({ connectionId, code, version: version ?? 0 }, signal),
    enabled: version !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** Queries the last thumbnail of a dashboard; null if there is none. */
export function useThumbnail(connectionId: string, code: string) {
  const { dashboards } = useConsole();
  return useQuery({
    queryKey: dashboardKeys.part(connectionId, code, 'thumbnail'),
    queryFn: ({ signal }) => dashboards.thumbnail({ connectionId, code }, signal),
  });
}

/** Queries the dashboards with unsaved edits, the last changed one first. */
export function useDrafts(connectionId: string | undefined) {
  const { dashboards } = useConsole();
  return useQuery({
    queryKey: dashboardKeys.drafts(connectionId ?? ''),
    queryFn: ({ signal }) => dashboards.drafts({ connectionId: connectionId ?? '' }, signal),
    enabled: connectionId !== undefined,
  });
}
