import { askForOsNotifications, declineOsNotifications, useOsNotificationState } from '#renderer/domain/os-notifications.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { messages } from '../messages.ts';

/** Offers operating system notifications once, below the first popup: at that moment people see what they would miss in another tab. */
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
