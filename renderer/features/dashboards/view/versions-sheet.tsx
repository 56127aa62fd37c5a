import type { Connection } from '#common/contract/console/connections.ts';
import type { Dashboard } from '#common/contract/dashboards.ts';
import { useConsole, useDashboardVersion, useDashboardVersions } from '#renderer/domain/queries/index.ts';
import { VersionHistory } from '#renderer/domain/versions/history.tsx';
import { words } from '#renderer/domain/versions/words.ts';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { useAskAgain } from '../use-change.ts';

const hooks = { useVersions: useDashboardVersions, useVersion: useDashboardVersion };

interface VersionsProps {
  connection: Connection;
  dashboard: Dashboard;
  /** The version on view; 0 for the newest. */
  version: number;
  onChoose: (version: number) => void;
  onClose: () => void;
  /** Why a version can't be restored, such as a running edit. */
  denied: string | undefined;
}

/** The versions of a dashboard, shown next to it. */
export function VersionsSheet({ connection, dashboard, version, onChoose, onClose, denied }: VersionsProps) {
  const t = useText(words);
  const { dashboards } = useConsole();
  const askAgain = useAskAgain(connection.id);
  const restore = async (to: number) => {
    await dashboards.rollback({ connectionId: connection.id, code: dashboard.code, to, version: dashboard.version });
    await askAgain();
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('versionsTitle', { title: dashboard.title })}
      className="w-[min(76rem,100vw)]"
    >
      <VersionHistory {...{ connection, hooks, version, onChoose, restore, denied }} subject={dashboard} />
    </Sheet>
  );
}
