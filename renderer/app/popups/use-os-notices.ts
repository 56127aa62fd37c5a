import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import { describeNotice } from '#common/words/notices.ts';
import { isUnowned } from '#renderer/domain/alerts.ts';
import { showOsNotification } from '#renderer/domain/os-notifications.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { placeOf } from './place.ts';

/** Maximum number of notifications tracked, so that they can be closed when their alerts get an owner. The others stay open. */
const maxKept = 200;

/**
 * Shows a notice as an operating system notification while this tab is hidden. A click opens its alert. The notification closes when all
 * its alerts are firing and have an owner. If one has resolved it stays, so that it can be read.
 */
export function useOsNotices(alerts: readonly FeedAlert[]): (notice: Notice) => void {
  const { language } = usePreferences();
  const navigate = useNavigate();
  const shown = useRef(new Map<string, { notice: Notice; close: () => void }>());
  useEffect(() => {
    const owned = new Set(alerts.filter((alert) => alert.state === 'FIRING' && !isUnowned(alert)).map(alertKey));
    for (const [id, { notice, close }] of shown.current) {
      if (!notice.alertIds.every((alertId) => owned.has(alertKey({ connectionId: notice.connectionId, id: alertId })))) continue;
      shown.current.delete(id);
      close();
    }
  }, [alerts]);
  return useCallback(
    (notice) => {
      if (notice.suppressed !== null) return;
      const close = showOsNotification({
        tag: notice.id,
        ...describeNotice(notice, language),
        sticky: notice.severity === 'CRITICAL' && notice.kind !== 'resolved',
        onClick: () => void navigate(placeOf(notice)),
      });
      if (close === null || (notice.kind !== 'fired' && notice.kind !== 'storm')) return;
      shown.current.set(notice.id, { notice, close });
      for (const oldest of shown.current.keys()) {
        if (shown.current.size <= maxKept) break;
        shown.current.delete(oldest);
      }
    },
    [language, navigate],
  );
}
