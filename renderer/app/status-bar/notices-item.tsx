import type { HealthNotice } from '#common/contract/health.ts';
import { useConnections } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { formatDateTime, formatValue } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { messages } from '../messages.ts';
import { StatusItem } from './status-item.tsx';

function Notice({ notice }: { notice: HealthNotice }) {
  const t = useText(messages);
  const preferences = usePreferences();
  switch (notice.kind) {
    case 'points-damaged':
      return (
        <p>
          {t('noticePointsDamaged')} {notice.setAside !== null && t('noticeSetAside', { file: notice.setAside })}
        </p>
      );
    case 'disk-full':
      return <p>{t('noticeDiskFull', { path: notice.path, free: formatValue(notice.freeBytes, 'B') })}</p>;
    case 'control-data-anew':
      return <p>{t('noticeControlDataAnew', { time: formatDateTime(notice.at, preferences) })}</p>;
  }
}

/** Shows a backend's own problems: damaged points, a full disk, lost control data. Renders nothing when there are none. */
export function NoticesItem() {
  const t = useText(messages);
  const connections = (useConnections().data ?? []).filter(({ notices }) => notices.length > 0);
  const count = connections.reduce((sum, { notices }) => sum + notices.length, 0);
  if (count === 0) return null;
  return (
    <StatusItem label={<StatusSymbol status="failing" label={t('backendNotices', { count })} />}>
      {connections.map(({ id, name, notices }) => (
        <section key={id}>
          <h2 className="font-medium">{name}</h2>
          {notices.map((notice) => (
            <Notice key={notice.kind} notice={notice} />
          ))}
        </section>
      ))}
    </StatusItem>
  );
}
