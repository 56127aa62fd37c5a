import { Link } from '@tanstack/react-router';
import { CircleHelp } from 'lucide-react';
import { describeChange } from '#common/words/notices.ts';
import { useConnection } from '#renderer/domain/address.ts';
import { places } from '#renderer/domain/places.ts';
import { useConnections, useOutbox } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Age, useNow } from '#renderer/ui/time.tsx';
import { messages } from '../messages.ts';
import { ConnectionItem } from './connection-item.tsx';
import { NoticesItem } from './notices-item.tsx';
import { StatusItem } from './status-item.tsx';

/** Maximum time between evaluations of rules, ms. The status bar warns after twice that time. */
const rulesLateMs = 60_000;

function OutboxItem() {
  const t = useText(messages);
  const { language } = usePreferences();
  const items = useOutbox().data ?? [];
  const refused = items.filter((item) => item.state === 'conflict').length;
  const waiting = items.length - refused;
  const label = (
    <>
      {items.length === 0 && <StatusSymbol status="ok" label={t('allDelivered')} />}
      {refused > 0 && <StatusSymbol status="conflict" label={t('changesConflict', { count: refused })} />}
      {waiting > 0 && <StatusSymbol status="waiting" label={t('changesWaiting', { count: waiting })} />}
    </>
  );
  return (
    <StatusItem label={label}>
      <p className="text-muted">{t('waitingAbout')}</p>
      <ul className="mt-2 flex flex-col gap-1">
        {items.slice(0, 5).map((item) => (
          <li key={item.id} className="flex items-center gap-2">
            <StatusSymbol status={item.state === 'conflict' ? 'conflict' : 'waiting'} bare />
            <span className="min-w-0 flex-1 truncate">
              {item.alertName === null ? item.title : describeChange(item.kind, item.alertName, language)}
            </span>
            <Age at={item.createdAt} bare className="text-faint text-sm" />
          </li>
        ))}
      </ul>
      <Button asChild size="sm" className="mt-3">
        <Link {...places.settings('outbox')}>{t('openOutbox')}</Link>
      </Button>
    </StatusItem>
  );
}

function RulesItem() {
  const t = useText(messages);
  const { language } = usePreferences();
  const now = useNow();
  const { connection } = useConnection();
  if (!connection) return null;
  const at = connection.rulesEvaluatedAt;
  const late = at === null || now - at > rulesLateMs;
  const text = at === null ? t('rulesNever') : t('rulesEvaluated', { age: formatDuration(now - at, language) });
  return (
    <StatusItem label={late ? <StatusSymbol status="stale" label={text} /> : <span>{text}</span>}>
      <p className="text-muted">{t('rulesAbout')}</p>
      {late && <p className="mt-2 text-attention">{t('rulesLate')}</p>}
    </StatusItem>
  );
}

/** The console's own status, on every screen: connections, pending changes, and when rules were last evaluated. */
export function StatusBar({ onHelp }: { onHelp: () => void }) {
  const t = useText(messages);
  const connections = useConnections().data ?? [];
  return (
    <footer className="flex min-w-0 flex-wrap items-stretch border-t bg-surface px-1 text-muted text-sm">
      {connections.map((one) => (
        <ConnectionItem key={one.id} connection={one} />
      ))}
      <span className="my-1.5 w-px bg-border" />
      <OutboxItem />
      <RulesItem />
      <NoticesItem />
      <span className="flex-1" />
      <button type="button" onClick={onHelp} className="flex items-center gap-1.5 px-2 hover:bg-hover hover:text-foreground">
        <CircleHelp size="0.875rem" />
        <span aria-hidden="true">?</span>
        <span className="sr-only">{t('help')}</span>
      </button>
    </footer>
  );
}
