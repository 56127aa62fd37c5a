import { askForOsNotifications, declineOsNotifications, useOsNotificationState } from '#renderer/domain/os-notifications.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { messages } from '../messages.ts';

/** Asked once, below the first popup: there the person sees what they would miss while another tab is in front. */
export function AskForOsNotifications() {
  const t = useText(messages);
  const state = useOsNotificationState();
  if (state !== 'ask') return null;
  return (
    <li className="rounded-lg border bg-raised px-3 py-2">
      <p className="text-pretty text-sm">{t('osAsk')}</p>
      <div className="mt-2 flex gap-2">
        <Button size="sm" onClick={() => void askForOsNotifications()}>
          {t('osAllow')}
        </Button>
        <Button size="sm" variant="ghost" onClick={declineOsNotifications}>
          {t('osNotNow')}
        </Button>
      </div>
    </li>
  );
}
