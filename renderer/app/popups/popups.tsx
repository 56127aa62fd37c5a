import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import { useAlertActions } from '#renderer/domain/alert-actions.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { useAlerts, useConnections, useConsole } from '#renderer/domain/queries/index.ts';
import { SnoozeDialog } from '#renderer/domain/snooze-dialog.tsx';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { useNow } from '#renderer/ui/time.tsx';
import { messages } from '../messages.ts';
import { AskForOsNotifications } from './ask.tsx';
import { placeOf } from './place.ts';
import { Popup } from './popup.tsx';
import { actionable, maxPopups, stillShown, unownedById, withCount, withNotice } from './store.ts';
import { useOsNotices } from './use-os-notices.ts';
import { useSounds } from './use-sounds.ts';

const SilencedAlerts = lazy(() => import('./silenced-alerts.tsx'));
const nothing: readonly FeedAlert[] = [];

/**
 * Shows notices as they arrive, without taking the focus. New popups go on top, so none moves under the cursor. `a` acknowledges the newest
 * one that needs an owner.
 */
export function Popups() {
  const t = useText(messages);
  const navigate = useNavigate();
  const actions = useAlertActions();
  const alerts = useAlerts().data ?? nothing;
  const [snoozing, setSnoozing] = useState<readonly FeedAlert[]>(nothing);
  const [silenced, setSilenced] = useState('');
  const { shown, dismiss } = useNotices(alerts, silenced);
  const blocked = useSounds(shown);
  const acknowledge = (notice: Notice, taken: readonly FeedAlert[]) => {
    void actions.acknowledge(taken);
    dismiss(notice);
  };
  const newest = shown.find((notice) => notice.kind === 'fired' || notice.kind === 'storm');
  const connections = useConnections().data;
  const refused = usePermission(
    connections?.find((one) => one.id === newest?.connectionId),
    'OPERATOR',
  );
  const acknowledgeNewest = () => newest && acknowledge(newest, actionable(newest, alerts));
  useKeys('popup', [{ keys: 'a', title: t('ackNewest'), run: acknowledgeNewest, disabledReason: refused }], newest !== undefined);

  return (
    <>
      <ol
        aria-label={t('popups')}
        aria-live="assertive"
        className="fixed end-4 bottom-10 z-30 flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2"
      >
        {shown.slice(0, maxPopups).map((notice) => (
          <Popup
            key={notice.id}
            notice={notice}
            alerts={alerts}
            newest={notice === newest}
            onAcknowledge={(taken) => acknowledge(notice, taken)}
            onSnooze={setSnoozing}
            onOpen={() => {
              dismiss(notice);
              void navigate(placeOf(notice));
            }}
            onDismiss={() => dismiss(notice)}
          />
        ))}
        {shown.length > 0 && <AskForOsNotifications />}
        {shown.length > 0 && (
          <Suspense>
            <SilencedAlerts alerts={alerts} onChange={setSilenced} />
          </Suspense>
        )}
        {blocked && shown.length > 0 && (
          <li className="rounded-lg border bg-raised px-3 py-2">
            <StatusSymbol status="silenced" label={t('soundBlocked')} className="text-sm" />
          </li>
        )}
      </ol>
      <SnoozeDialog alerts={snoozing} onClose={() => setSnoozing(nothing)} />
    </>
  );
}

/** Returns the notices to show, newest first, and passes each one to the operating system's notifications. */
function useNotices(alerts: readonly FeedAlert[], silenced: string) {
  const { notices } = useConsole();
  const now = useNow();
  const [arrived, setArrived] = useState<Notice[]>([]);
  const notify = useOsNotices(alerts);
  useEffect(
    () =>
      notices.onShown((notice) => {
        setArrived((before) => withNotice(before, notice));
        notify(notice);
      }),
    [notices, notify],
  );
  useEffect(
    () =>
      notices.onCounted((notice) => {
        setArrived((before) => withCount(before, notice));
        notify(notice);
      }),
    [notices, notify],
  );
  const unowned = useMemo(() => unownedById(alerts, new Set(silenced.split(' '))), [alerts, silenced]);
  const shown = stillShown(arrived, unowned, now);
  useEffect(() => {
    if (shown.length < arrived.length) setArrived(shown);
  }, [shown, arrived]);
  const dismiss = (notice: Notice) => {
    void notices.markRead({ ids: [notice.id] });
    setArrived((before) => before.filter((one) => one.id !== notice.id));
  };
  return { shown, dismiss };
}
