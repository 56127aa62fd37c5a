import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Notice } from '#common/contract/console/settings.ts';
import { showOsNotification } from '#renderer/domain/os-notifications.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { messages } from '../messages.ts';
import { placeOf } from './place.ts';

/** Shows a notice as a notification of the operating system while this tab is out of sight. A click leads to its alert. */
export function useOsNotices(): (notice: Notice) => void {
  const t = useText(messages);
  const navigate = useNavigate();
  return useCallback(
    (notice) => {
      if (notice.suppressed !== null) return;
      showOsNotification({
        tag: notice.id,
        title: notice.kind === 'storm' ? t('stormFired', { count: notice.alertIds.length }) : notice.title,
        body: notice.body,
        sticky: notice.severity === 'CRITICAL' && notice.kind !== 'resolved',
        onClick: () => void navigate(placeOf(notice)),
      });
    },
    [t, navigate],
  );
}
