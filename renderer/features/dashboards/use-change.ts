import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { type Dashboard, type DashboardBody, dashboardBody } from '#common/contract/dashboards.ts';
import { bodyOf as plainBody } from '#common/versions/shape.ts';
import { dashboardKeys } from '#renderer/domain/queries/index.ts';

/** Returns the part of a dashboard that people edit. */
export const bodyOf = (dashboard: Dashboard): DashboardBody => dashboardBody.parse(plainBody(dashboard));

/** Returns a function that reads all dashboards again after a change made here. */
export function useAskAgain(connectionId: string): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: dashboardKeys.list(connectionId) }),
      queries.invalidateQueries({ queryKey: ['dashboard', connectionId] }),
    ]);
  }, [queries, connectionId]);
}
