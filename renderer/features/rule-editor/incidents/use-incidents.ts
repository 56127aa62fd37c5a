import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { BacktestFiring } from '#common/rules/backtest.ts';
import { type Interval, union } from '#common/time/intervals.ts';
import { queryKeys, useConsole, useSaveSettings, useSettings } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toastError } from '#renderer/ui/toast.tsx';
import { incidentWords } from './words.ts';

const none: Interval[] = [];
/** Maximum number of incidents of one chart, as in the settings. */
const maxIncidents = 100;

/**
 * Holds when a chart's incidents were, as people marked them on this computer. Those that touch become one. Stays the same object until an
 * incident changes.
 */
export function useIncidents(connectionId: string, chartCode: string) {
  const t = useText(incidentWords);
  const { incidents: all } = useSettings();
  const saveSettings = useSaveSettings();
  const key = `${connectionId} ${chartCode}`;
  const incidents = all[key] ?? none;
  return useMemo(() => {
    const save = (next: Interval[]) => {
      const { [key]: _before, ...others } = all;
      const kept = next.slice(-maxIncidents);
      saveSettings({ incidents: kept.length === 0 ? others : { ...others, [key]: kept } }, (error) =>
        toastError(t('marksNotSaved'), error),
      );
    };
    return {
      incidents,
      mark: (marked: readonly Interval[]) => save(union(incidents, marked)),
      remove: (incident: Interval) => save(incidents.filter((one) => one !== incident)),
    };
  }, [all, key, incidents, saveSettings, t]);
}
export type Incidents = ReturnType<typeof useIncidents>;

type Firing = Pick<BacktestFiring, 'from' | 'to'>;

/** Returns when alerts of a stored rule fired that somebody acknowledged, within an interval. @param code null for a new rule */
export function useAcknowledgedFirings(connectionId: string, code: string | null, { from, to }: Interval): Firing[] {
  const { alerts } = useConsole();
  const { data } = useQuery({
    queryKey: queryKeys.rule(connectionId, code ?? '', 'firings'),
    queryFn: ({ signal }) => alerts.ruleFirings({ connectionId, code: code ?? '' }, signal),
    enabled: code !== null,
  });
  return (data?.value ?? []).flatMap(({ acknowledgedBy, firedAt, resolvedAt }) =>
    acknowledgedBy !== null && firedAt >= from && firedAt < to ? [{ from: firedAt, to: resolvedAt }] : [],
  );
}
