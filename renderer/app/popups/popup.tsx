import { X } from 'lucide-react';
import { useMemo } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import { describeNotice } from '#common/words/notices.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { useConnections } from '#renderer/domain/queries/index.ts';
import { SeveritySymbol, severityTone } from '#renderer/domain/severity.tsx';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Kbd } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { messages } from '../messages.ts';
import { actionable } from './store.ts';

interface PopupProps {
  notice: Notice;
  /** All known alerts. A notice may arrive just before its alerts do. */
  alerts: readonly FeedAlert[];
  /** True for the popup that the key acts on. */
  newest: boolean;
  /** Both callbacks receive the alerts that the button names. */
  onAcknowledge: (taken: readonly FeedAlert[]) => void;
  onSnooze: (taken: readonly FeedAlert[]) => void;
  onOpen: () => void;
  onDismiss: () => void;
}

function Heading({ notice }: { notice: Notice }) {
  if (notice.kind === 'resolved') return <StatusSymbol status="resolved" className="font-medium" />;
  if (notice.kind === 'conflict') return <StatusSymbol status="conflict" className="font-medium" />;
  return <SeveritySymbol severity={notice.severity} />;
}

export function Popup({ notice, alerts, newest, onAcknowledge, onSnooze, onOpen, onDismiss }: PopupProps) {
  const t = useText(messages);
  const connections = useConnections().data ?? [];
  const connection = connections.find((one) => one.id === notice.connectionId);
  const refused = usePermission(connection, 'OPERATOR');
  const waits = notice.kind === 'fired' || notice.kind === 'storm';
  const taken = useMemo(() => (waits ? actionable(notice, alerts) : []), [waits, notice, alerts]);
  const { language } = usePreferences();
  const { title, body } = describeNotice(notice, language);
  const unknown = taken.length === 0 ? t('notKnownYet') : undefined;
  return (
    <li className="pop flex overflow-hidden rounded-lg border border-border-strong bg-raised">
      <span className={cn('w-1 shrink-0 bg-current', waits ? severityTone(notice.severity) : 'text-border-strong')} />
      <div className="min-w-0 flex-1 p-3 pe-2">
        <div className="flex items-center gap-2">
          <Heading notice={notice} />
          <span className="min-w-0 flex-1 truncate text-faint text-sm">{connections.length > 1 ? connection?.name : ''}</span>
          <Age at={notice.at} bare className="text-faint text-sm" />
          <Button size="icon-sm" variant="ghost" aria-label={t('dismiss')} onClick={onDismiss}>
            <X size="0.875rem" />
          </Button>
        </div>
        <button type="button" onClick={onOpen} className="block w-full text-start">
          <bdi className="block font-medium">{title}</bdi>
          <bdi className="mt-0.5 line-clamp-3 block text-muted">{body}</bdi>
        </button>
        {waits && (
          <div className="mt-2 flex gap-2">
            <Button size="sm" variant="primary" disabledReason={refused ?? unknown} onClick={() => onAcknowledge(taken)}>
              {taken.length > 1 ? t('acknowledgeMany', { count: taken.length }) : t('acknowledge')}{' '}
              {newest && <Kbd keys="a" className="[&_span]:border-current [&_span]:text-current" />}
            </Button>
            <Button size="sm" disabledReason={refused ?? unknown} onClick={() => onSnooze(taken)}>
              {t('snooze')}
            </Button>
            <Button size="sm" variant="ghost" onClick={onOpen}>
              {t('open')}
            </Button>
          </div>
        )}
      </div>
    </li>
  );
}
