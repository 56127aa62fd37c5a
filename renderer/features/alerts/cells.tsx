import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { alertSeries } from '#renderer/domain/alerts.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { comparison } from './comparison.ts';
import { SilencedMark } from './notification-part.tsx';
import { words } from './words.ts';

/** The value compared with the threshold, `0.62 < 0.80 m/s`; or why there is no value. */
export function ValueCell({ alert }: { alert: FeedAlert }) {
  const t = useText(words);
  if (alert.cause === 'no-data') return <StatusSymbol status="no-data" label={t('noData')} />;
  if (alert.cause === 'error') return <StatusSymbol status="error" label={t('failing')} />;
  const { value, against } = comparison(alert);
  return (
    <span dir="ltr" className="whitespace-nowrap">
      <span className="font-medium">{value}</span> <span className="text-muted">{against}</span>
    </span>
  );
}

/** The owner; pending changes are shown beside the name. */
export function OwnerCell({ alert }: { alert: FeedAlert }) {
  const t = useText(words);
  const waiting = alert.waiting.length;
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      {alert.acknowledgement ? (
        <span className="truncate">{alert.acknowledgement.by}</span>
      ) : (
        <span className="text-faint">
          <span aria-hidden="true">–</span>
          <span className="sr-only">{t('nobody')}</span>
        </span>
      )}
      {alert.snooze && <StatusSymbol status="snoozed" bare />}
      {waiting > 0 && (
        <span title={t('waiting', { count: waiting })}>
          <StatusSymbol status="waiting" bare label={t('waiting', { count: waiting })} />
        </span>
      )}
    </span>
  );
}

/** The rule's name, and what distinguishes this series from the others. */
export function NameCell({ alert }: { alert: FeedAlert }) {
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <span className="truncate font-medium">{alert.ruleName}</span>
      <span className="truncate text-muted text-sm">{alertSeries(alert)}</span>
      <SilencedMark alert={alert} />
    </span>
  );
}
