import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Notice } from '#common/contract/console/settings.ts';
import { describeNotice } from '#common/words/notices.ts';
import { showOsNotification } from '#renderer/domain/os-notifications.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { placeOf } from './place.ts';

/** Shows a notice as a notification of the operating system while this tab is out of sight. A click leads to its alert. */
export function useOsNotices(): (notice: Notice) => void {
  const { language } = usePreferences();
  const navigate = useNavigate();
  return useCallback(
    (notice) => {
      if (notice.suppressed !== null) return;
      showOsNotification({
        tag: notice.id,
        ...describeNotice(notice, language),
        sticky: notice.severity === 'CRITICAL' && notice.kind !== 'resolved',
        onClick: () => void navigate(placeOf(notice)),
      });
    },
    [language, navigate],
  );
}
