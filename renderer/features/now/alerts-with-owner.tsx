import { Link } from '@tanstack/react-router';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { places } from '#renderer/domain/places.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { formatTime } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { AlertRow, AlertRows } from './alert-row.tsx';
import { messages } from './messages.ts';
import { Section } from './section.tsx';

/** The owner, or the end of the snooze, and changes that haven't reached the backend. */
function Holder({ alert }: { alert: FeedAlert }) {
  const t = useText(messages);
  const preferences = usePreferences();
  const status = alert.acknowledgement ? 'acknowledged' : 'snoozed';
  const label = alert.acknowledgement?.by ?? t('until', { time: formatTime(alert.snooze?.until ?? 0, preferences) });
  return (
    <>
      {alert.waiting.length > 0 && <StatusSymbol status="waiting" label={t('waiting')} />}
      <StatusSymbol status={status} label={label} />
    </>
  );
}

/** Maximum number of rows; the rest is one click away. */
const maxRows = 12;

/** Firing alerts with an owner, the most urgent first. */
export function AlertsWithOwner({ alerts }: { alerts: readonly FeedAlert[] }) {
  const t = useText(messages);
  return (
    <Section title={t('withOwner', { count: alerts.length })}>
      <AlertRows>
        {alerts.slice(0, maxRows).map((alert) => (
          <AlertRow key={alert.id} alert={alert}>
            <Age at={alert.firedAt} bare className="min-w-14 text-end text-muted" />
            <span className="flex items-center justify-end gap-3">
              <Holder alert={alert} />
            </span>
          </AlertRow>
        ))}
      </AlertRows>
      {alerts.length > maxRows && (
        <Button asChild variant="link" className="mt-2">
          <Link {...places.alerts()}>{t('more', { count: alerts.length - maxRows })}</Link>
        </Button>
      )}
    </Section>
  );
}
