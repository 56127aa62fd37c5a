import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import { useAlerts, useConsole } from '#renderer/link/index.ts';
import { useAlertActions } from '#renderer/ui/alert-actions.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { SnoozeDialog } from '#renderer/ui/snooze-dialog.tsx';
import { StatusSymbol } from '#renderer/ui/status.tsx';
import { useNow } from '#renderer/ui/time.tsx';
import { messages } from '../messages.ts';
import { placeOf } from './place.ts';
import { Popup } from './popup.tsx';
import { mostPopups, stillShown, withNotice } from './store.ts';
import { useSounds } from './use-sounds.ts';

const nothing: FeedAlert[] = [];

/** Notices as they come, never taking the focus. The newest stands on top of the stack, so that none moves under the cursor. `a` acknowledges the newest one that waits for someone. */
export function Popups() {
  const t = useText(messages);
  const { notices } = useConsole();
  const navigate = useNavigate();
  const actions = useAlertActions();
  const alerts = useAlerts().data ?? nothing;
  const now = useNow();
  const [shown, setShown] = useState<Notice[]>([]);
  const [snoozing, setSnoozing] = useState<FeedAlert[]>(nothing);
  useEffect(() => notices.onShown((notice) => setShown((before) => withNotice(before, notice))), [notices]);

  const current = stillShown(shown, alerts, now);
  useEffect(() => {
    if (current.length < shown.length) setShown(current);
  }, [current, shown]);
  const blocked = useSounds(current);

  const dismiss = (notice: Notice) => {
    void notices.markRead({ ids: [notice.id] });
    setShown((before) => before.filter((one) => one.id !== notice.id));
  };
  const alertsOf = (notice: Notice) =>
    alerts.filter((alert) => alert.connectionId === notice.connectionId && alert.state === 'FIRING' && notice.alertIds.includes(alert.id));
  const acknowledge = (notice: Notice) => {
    void actions.acknowledge(alertsOf(notice));
    dismiss(notice);
  };
  const newest = current.find((notice) => notice.kind === 'fired' || notice.kind === 'storm');
  useKeys('popup', [{ keys: 'a', title: t('ackNewest'), run: () => newest && acknowledge(newest) }], newest !== undefined);

  return (
    <>
      <ol
        aria-label={t('popups')}
        aria-live="assertive"
        className="fixed end-4 bottom-10 z-30 flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2"
      >
        {current.slice(0, mostPopups).map((notice) => (
          <Popup
            key={notice.id}
            notice={notice}
            alert={alertsOf(notice)[0]}
            newest={notice === newest}
            onAcknowledge={() => acknowledge(notice)}
            onSnooze={() => setSnoozing(alertsOf(notice))}
            onOpen={() => {
              dismiss(notice);
              void navigate(placeOf(notice));
            }}
            onDismiss={() => dismiss(notice)}
          />
        ))}
        {blocked && current.length > 0 && (
          <li className="rounded-lg border bg-raised px-3 py-2">
            <StatusSymbol status="silenced" label={t('soundBlocked')} className="text-sm" />
          </li>
        )}
      </ol>
      <SnoozeDialog alerts={snoozing} onClose={() => setSnoozing(nothing)} />
    </>
  );
}
