import { useEffect } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { useNotificationPaths } from '#renderer/domain/policies/notification-paths.ts';

interface SilencedAlertsProps {
  alerts: readonly FeedAlert[];
  /** Receives the keys of the alerts that a policy keeps from notifying, sorted and separated by spaces. */
  onChange: (keys: string) => void;
}

/** Follows which alerts are silenced after their popups appeared. A component of its own, because what it needs is large and loaded late. */
export default function SilencedAlerts({ alerts, onChange }: SilencedAlertsProps) {
  const paths = useNotificationPaths(alerts);
  const keys = alerts
    .filter((alert) => paths.policyStopOf(alert) !== null)
    .map(alertKey)
    .sort()
    .join(' ');
  useEffect(() => onChange(keys), [keys, onChange]);
  return null;
}
