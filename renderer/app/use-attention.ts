import { useMemo } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { withoutOwner } from '#renderer/domain/alerts.ts';
import { useAlerts } from '#renderer/domain/queries/index.ts';

/** Returns the firing alerts without an owner of every connection, most urgent first. */
export function useAttention(): FeedAlert[] {
  const alerts = useAlerts().data;
  return useMemo(() => withoutOwner(alerts ?? []), [alerts]);
}
