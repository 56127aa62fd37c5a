import { ChevronDown, Inbox as InboxIcon, Search } from 'lucide-react';
import { maxInbox } from '#common/contract/console/settings.ts';
import { RangePicker } from '#renderer/charts/range-picker/range-picker.tsx';
import { useConnection } from '#renderer/domain/address.ts';
import { listedCount } from '#renderer/domain/alerts.ts';
import { useConnections, useNotices } from '#renderer/domain/queries/index.ts';
import { connectionStatus, StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from '#renderer/ui/dropdown-menu.tsx';
import { formatLatency } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Kbd } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Age, Clock } from '#renderer/ui/time.tsx';
import { messages } from './messages.ts';

function ConnectionPicker() {
  const t = useText(messages);
  const { language } = usePreferences();
  const { connection, setConnection } = useConnection();
  const all = useConnections().data ?? [];
  if (!connection) return <span className="px-2 text-faint">{t('noConnection')}</span>;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" className="gap-2 text-foreground">
          <span className="sr-only">{t('chooseConnection')}</span>
          <span className="max-w-48 truncate max-lg:max-w-24 max-sm:sr-only">{connection.name}</span>
          <StatusSymbol status={connectionStatus(connection.state)} className="font-normal max-lg:[&>span]:sr-only" />
          <Age at={connection.lastExchangeAt} bare className="min-w-6 text-start font-normal text-faint max-lg:hidden" />
          <ChevronDown size="0.875rem" className="text-faint" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start">
        <DropdownMenuLabel>{t('chooseConnection')}</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={connection.id} onValueChange={setConnection}>
          {all.map((one) => (
            <DropdownMenuRadioItem key={one.id} value={one.id}>
              <StatusSymbol status={connectionStatus(one.state)} bare />
              <span className="flex-1">{one.name}</span>
              <span className="text-faint text-sm">{one.latencyMs === null ? '' : formatLatency(one.latencyMs, language)}</span>
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

interface TopBarProps {
  onSearch: () => void;
  onInbox: () => void;
}

/** The bar with the backend, the range, the search field and the clock. */
export function TopBar({ onSearch, onInbox }: TopBarProps) {
  const t = useText(messages);
  const unread = useNotices().data?.filter((notice) => !notice.read).length ?? 0;
  const inbox = unread === 0 ? t('inbox') : t('inboxUnread', { count: unread, shown: listedCount(unread, maxInbox) });
  return (
    <header className="flex min-w-0 items-center gap-2 border-b bg-surface px-3 max-md:gap-1 max-md:px-1.5">
      <ConnectionPicker />
      <span className="h-5 w-px bg-border max-md:hidden" />
      <RangePicker />
      <span className="flex-1" />
      <Button
        onClick={onSearch}
        className="w-72 min-w-control shrink justify-start bg-background font-normal text-faint max-md:w-control max-md:justify-center max-md:px-0"
      >
        <Search size="0.875rem" />
        <span className="min-w-0 flex-1 truncate text-start max-md:sr-only">{t('search')}</span>
        <Kbd keys="Ctrl K" className="max-lg:hidden" />
      </Button>
      <Button variant="ghost" size="icon" className="relative" tooltip={inbox} aria-label={inbox} onClick={onInbox}>
        <InboxIcon size="1rem" />
        {unread > 0 && <span className="absolute end-1 top-1 size-2 rounded-full bg-accent" />}
      </Button>
      <span className="h-5 w-px bg-border max-md:hidden" />
      <span className="px-2 max-md:px-1">
        <Clock />
      </span>
    </header>
  );
}
