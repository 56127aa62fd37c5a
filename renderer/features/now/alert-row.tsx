import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { alertSeries } from '#renderer/domain/alerts.ts';
import { places } from '#renderer/domain/places.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { formatSetting, formatValue } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { messages } from './messages.ts';

/** The value or state that the alert fired on, in the row, so that most triage needs no click. */
function Measure({ alert }: { alert: FeedAlert }) {
  const t = useText(messages);
  if (alert.cause === 'no-data') return <StatusSymbol status="no-data" label={t('noData')} />;
  if (alert.cause === 'error') return <StatusSymbol status="error" label={t('evaluationFailed')} />;
  return (
    <span dir="ltr" className="whitespace-nowrap">
      <span className="font-medium">{formatValue(alert.value)}</span>
      {alert.threshold !== null && (
        <span className="text-faint">
          {' '}
          {alert.operator} {formatSetting(alert.threshold, alert.unit)}
        </span>
      )}
    </span>
  );
}

interface AlertRowProps {
  alert: FeedAlert;
  selected?: boolean;
  /** The last two cells: the owner or the available actions, and the age. */
  children: ReactNode;
}

/** A list of alert rows that share their columns. */
export function AlertRows({ children }: { children: ReactNode }) {
  return (
    <ul className="grid grid-cols-[7rem_minmax(8rem,1fr)_auto_auto_auto] gap-x-5 border-t max-md:grid-cols-[auto_minmax(0,1fr)] max-md:gap-x-3">
      {children}
    </ul>
  );
}

/** One alert on one line, linked by its name. */
export function AlertRow({ alert, selected = false, children }: AlertRowProps) {
  const handled = alert.acknowledgement !== null || alert.snooze !== null;
  return (
    <li
      data-selected={selected || undefined}
      className={cn(
        'col-span-full grid min-h-row grid-cols-subgrid items-center border-b px-2 py-1 hover:bg-hover',
        selected && 'bg-selected outline-1 outline-accent -outline-offset-1',
      )}
    >
      <SeveritySymbol severity={alert.severity} hollow={handled} />
      <Link {...places.alert(alert.connectionId, alert.id)} className="min-w-0 truncate hover:underline">
        <span className="font-medium">{alert.ruleName}</span>
        <span className="text-muted"> · {alertSeries(alert)}</span>
      </Link>
      <span className="text-end">
        <Measure alert={alert} />
      </span>
      {children}
    </li>
  );
}
