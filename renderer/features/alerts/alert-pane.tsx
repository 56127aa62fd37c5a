import { useMemo } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { useAlertActions } from '#renderer/domain/alert-actions.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { useAlert, useConnections } from '#renderer/domain/queries/index.ts';
import { AlertDetail } from './alert-detail.tsx';
import { useSilenceDenied } from './use-target-actions.ts';

const similarShown = 8;

interface AlertPaneProps {
  alert: FeedAlert;
  alerts: readonly FeedAlert[];
  onSnooze: () => void;
  onSilence: () => void;
  onClose: () => void;
}

/** The alert that the address names, with its history from the backend; until that arrives, the list's copy. */
export function AlertPane({ alert, alerts, onSnooze, onSilence, onClose }: AlertPaneProps) {
  const actions = useAlertActions();
  const connection = useConnections().data?.find((one) => one.id === alert.connectionId);
  const denied = usePermission(connection, 'OPERATOR');
  const { data } = useAlert(alert.connectionId, alert.id);
  const read = data?.alert.id === alert.id ? data : undefined;
  const similar = useMemo(
    () =>
      alerts
        .filter((one) => one.ruleCode === alert.ruleCode && one.connectionId === alert.connectionId && one.id !== alert.id)
        .sort((a, b) => b.firedAt - a.firedAt)
        .slice(0, similarShown),
    [alerts, alert],
  );
  return (
    <AlertDetail
      detail={{ events: read?.events ?? [], eventsAsOf: read?.eventsAsOf ?? null, alert }}
      connection={connection}
      similar={similar}
      disabledReason={denied}
      onAcknowledge={() => void actions.acknowledge([alert])}
      onRelease={() => void actions.unacknowledge([alert])}
      onSnooze={onSnooze}
      onSilence={onSilence}
      silenceDenied={useSilenceDenied()([alert])}
      onEndSnooze={() => void actions.unsnooze([alert])}
      onClose={onClose}
    />
  );
}
