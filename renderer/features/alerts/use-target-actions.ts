import { useState } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { useAlertActions } from '#renderer/domain/alert-actions.ts';
import { usePermissions } from '#renderer/domain/permission.ts';
import { silenceWords } from '#renderer/domain/policies/silence-words.ts';
import { useConnections } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';

/** Returns the actions for the ticked alerts or, if none is ticked, for the open one. */
export function useTargetActions(targets: readonly FeedAlert[], onDone: () => void) {
  const actions = useAlertActions();
  const connections = useConnections().data;
  const deniedOn = usePermissions('OPERATOR');
  const [snoozing, setSnoozing] = useState<readonly FeedAlert[]>([]);
  const [silencing, setSilencing] = useState<readonly FeedAlert[]>([]);
  const silenceDeniedFor = useSilenceDenied();
  // With targets on several connections, permission on one is enough.
  const reasons = targets.map((one) => deniedOn(one.connectionId));
  const denied = reasons.includes(undefined) ? undefined : (reasons[0] ?? deniedOn(connections?.[0]?.id ?? ''));
  const changeable = targets.filter((one) => one.state === 'FIRING' && deniedOn(one.connectionId) === undefined);
  const unowned = changeable.filter((one) => one.acknowledgement === null);
  const owned = changeable.filter((one) => one.acknowledgement !== null);
  return {
    denied,
    /** How many of the targets each action would change. */
    changes: { acknowledge: unowned.length, snooze: changeable.length, release: owned.length },
    acknowledge: () => void actions.acknowledge(unowned).then(onDone),
    release: () => void actions.unacknowledge(owned).then(onDone),
    snooze: () => setSnoozing(changeable),
    silenceDenied: denied ?? silenceDeniedFor(changeable),
    silence: () => setSilencing(changeable),
    /** The alerts whose snooze is being set. */
    snoozing,
    setSnoozing,
    /** The alerts for which a silence is being made. */
    silencing,
    setSilencing,
  };
}
/** Returns a function that says why alerts can't be silenced, apart from the person's role; undefined if they can. */
export function useSilenceDenied(): (alerts: readonly FeedAlert[]) => string | undefined {
  const t = useText(silenceWords);
  const connections = useConnections().data;
  return (alerts) => {
    const ids = new Set(alerts.map(({ connectionId }) => connectionId));
    if (ids.size > 1) return t('oneConnection');
    const isOffline = connections?.some(({ id, state }) => ids.has(id) && state !== 'live');
    return isOffline ? t('needsBackend') : undefined;
  };
}

export type TargetActions = ReturnType<typeof useTargetActions>;
