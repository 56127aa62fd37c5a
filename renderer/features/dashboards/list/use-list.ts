import { useMemo, useState } from 'react';
import type { DashboardSummary } from '#common/contract/dashboards.ts';
import { useAddress } from '#renderer/domain/address.ts';
import { useDashboards, useDrafts } from '#renderer/domain/queries/index.ts';
import { listAddress } from '../address.ts';
import { treeOf, wantedOf } from './tree.ts';

/** Returns all dashboards of a connection, and those that match the address. */
export function useDashboardList(connectionId: string) {
  const { data, error, refetch } = useDashboards(connectionId);
  const drafts = useDrafts(connectionId).data ?? [];
  const [address, setAddress] = useAddress(listAddress);
  const all = useMemo(() => data?.value ?? [], [data]);
  const shown = useMemo(() => wantedOf(all, address), [all, address]);
  const tree = useMemo(() => treeOf(all), [all]);
  return { data, error, refetch, address, setAddress, all, shown, tree, drafts, codes: all.map(({ code }) => code) };
}
export type DashboardList = ReturnType<typeof useDashboardList>;

/** Holds the dashboard that keys act on. */
export function useListSelection(shown: readonly DashboardSummary[]) {
  const [code, select] = useState<string | undefined>();
  /** @param by number of dashboards to move by; negative moves back */
  const step = (by: number) => {
    const at = shown.findIndex((one) => one.code === code);
    select(shown[at === -1 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by))]?.code);
  };
  return { code, select, step, dashboard: shown.find((one) => one.code === code) };
}
export type ListSelection = ReturnType<typeof useListSelection>;
