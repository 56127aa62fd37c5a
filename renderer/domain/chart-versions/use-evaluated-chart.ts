import { useMemo } from 'react';
import { measureSame } from '#common/charts/measured.ts';
import type { Chart } from '#common/contract/charts.ts';
import { useChartVersion } from '../queries/index.ts';

/** The chart that a rule or an alert is about. */
interface EvaluatedChart {
  /** Undefined while it isn't known. */
  chart: Chart | undefined;
  isPending: boolean;
  /** It is an earlier version than the newest, and measures something else. */
  isOlder: boolean;
  /** The version isn't stored here, and the backend doesn't answer. */
  isUnread: boolean;
}

/**
 * Returns the chart that a rule evaluates: the newest version while that measures the same as the one that the rule is pinned to, otherwise
 * that one.
 * @param pinned the version; undefined for the newest
 */
export function useEvaluatedChart(connectionId: string | undefined, newest: Chart | undefined, pinned: number | undefined): EvaluatedChart {
  const version = newest === undefined || pinned === newest.version ? undefined : pinned;
  const { data, isPending, error } = useChartVersion(connectionId, newest?.code, version);
  const body = data?.value?.body;
  return useMemo(() => {
    if (newest === undefined || version === undefined) return { chart: newest, isPending: false, isOlder: false, isUnread: false };
    if (body === undefined) return { chart: undefined, isPending, isOlder: false, isUnread: !isPending || error !== null };
    if (measureSame(body, newest)) return { chart: newest, isPending: false, isOlder: false, isUnread: false };
    const { createdAt, createdBy, updatedAt, updatedBy } = newest;
    const chart = { ...body, version, createdAt, createdBy, updatedAt, updatedBy };
    return { chart, isPending: false, isOlder: true, isUnread: false };
  }, [newest, version, body, isPending, error]);
}
