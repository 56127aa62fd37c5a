import { useMemo } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { type HeldRows, useHeldRows } from '#renderer/ui/use-held-rows.ts';
import { type AlertsAddress, listOf, type Viewing } from './views.ts';

export type HeldAlertList = HeldRows<FeedAlert>;

/** Returns the rows on screen, which never move while the person is working on them. */
export function useList(
  alerts: readonly FeedAlert[] | undefined,
  address: AlertsAddress,
  viewing: Viewing,
  isWorking: boolean,
): HeldAlertList {
  const wanted = useMemo(() => listOf(alerts ?? [], address, viewing), [alerts, address, viewing]);
  const question = useMemo(() => JSON.stringify(address), [address]);
  return useHeldRows({ items: alerts, wanted, keyOf: alertKey, question, isWorking });
}
