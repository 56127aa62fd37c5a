import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { places } from '#renderer/domain/places.ts';

/** Returns the alert next to the list, which the address names. */
export function useOpenAlert(alerts: readonly FeedAlert[] | undefined) {
  const navigate = useNavigate();
  const { connection, id }: { connection?: string; id?: string } = useParams({ strict: false });
  const alert = alerts?.find((one) => one.id === id && (connection === undefined || one.connectionId === connection));
  const key = alert ? alertKey(alert) : null;
  const isOpen = key !== null;
  const go = useCallback(
    (next: FeedAlert | undefined, replace = false) => void navigate({ ...places.inAlerts(next), replace }),
    [navigate],
  );
  // Going from one alert to the next adds no history entry.
  const open = useCallback((next: FeedAlert) => go(next, isOpen), [go, isOpen]);
  return { isNamed: id !== undefined, alert, key, open, close: () => go(undefined) };
}
export type OpenAlert = ReturnType<typeof useOpenAlert>;
