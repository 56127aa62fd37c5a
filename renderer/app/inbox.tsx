import { useNavigate } from '@tanstack/react-router';
import type { Notice } from '#common/contract/console/settings.ts';
import { describeNotice } from '#common/words/notices.ts';
import { useStopSentence } from '#renderer/domain/policies/use-stop-sentence.ts';
import { useConsole, useNotices } from '#renderer/domain/queries/index.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { messages } from './messages.ts';
import { placeOf } from './popups/place.ts';

const heldBack = {
  inhibited: 'suppressedInhibited',
  silenced: 'suppressedSilenced',
  maintenance: 'suppressedMaintenance',
  'quiet-hours': 'suppressedQuiet',
  snoozed: 'suppressedSnoozed',
  acknowledged: 'suppressedAcknowledged',
  'suppression-window': 'suppressedWindow',
  storm: 'suppressedStorm',
} as const;

function Row({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  const t = useText(messages);
  const { language } = usePreferences();
  const { title, body } = describeNotice(notice, language);
  const describeStop = useStopSentence();
  // Notices that older consoles stored don't know who held them back.
  const why = notice.content?.stop && describeStop(notice.content.stop, notice.at);
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className={cn('flex w-full items-start gap-2 border-b px-1 py-2 text-start hover:bg-hover', notice.read && 'text-muted')}
      >
        <span className="mt-0.5">
          {notice.kind === 'resolved' ? (
            <StatusSymbol status="resolved" bare />
          ) : notice.kind === 'conflict' ? (
            <StatusSymbol status="conflict" bare />
          ) : (
            <SeveritySymbol severity={notice.severity} bare hollow={notice.read} />
          )}
        </span>
        <span className="min-w-0 flex-1">
          <bdi className={cn('block truncate', !notice.read && 'font-medium')}>{title}</bdi>
          <bdi className="block truncate text-muted text-sm">{body}</bdi>
          {notice.suppressed !== null && (
            <span className="block text-faint text-sm">{why ? t('suppressedBecause', { why }) : t(heldBack[notice.suppressed])}</span>
          )}
        </span>
        <Age at={notice.at} bare className="text-faint text-sm" />
      </button>
    </li>
  );
}

/** The inbox: all notices, including those that did not pop up. */
export function Inbox({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useText(messages);
  const navigate = useNavigate();
  const { notices } = useConsole();
  const { data, error, refetch } = useNotices();
  const unread = data?.filter((notice) => !notice.read).map((notice) => notice.id) ?? [];
  const go = (notice: Notice) => {
    void notices.markRead({ ids: [notice.id] });
    void navigate(placeOf(notice));
    onClose();
  };
  return (
    <Sheet
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('inbox')}
      footer={unread.length > 0 && <Button onClick={() => void notices.markRead({ ids: unread })}>{t('markAllRead')}</Button>}
    >
      {error && !data ? (
        <ErrorState title={t('inbox')} error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Loading />
      ) : data.length === 0 ? (
        <Empty>{t('inboxEmpty')}</Empty>
      ) : (
        <ul>
          {data.map((notice) => (
            <Row key={notice.id} notice={notice} onOpen={() => go(notice)} />
          ))}
        </ul>
      )}
    </Sheet>
  );
}
