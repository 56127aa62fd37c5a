import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { useChartVersion, useChartVersions, useConsole } from '#renderer/domain/queries/index.ts';
import { VersionHistory } from '#renderer/domain/versions/history.tsx';

const hooks = { useVersions: useChartVersions, useVersion: useChartVersion };

interface VersionsProps {
  connection: Connection;
  chart: Chart;
  /** The version on view; the newest by default. */
  version: number | undefined;
  onVersion: (version: number | undefined) => void;
}

/** The versions of a chart, which can be restored. */
export function Versions({ connection, chart, version = 0, onVersion }: VersionsProps) {
  const { charts } = useConsole();
  const restore = (to: number) => charts.rollback({ connectionId: connection.id, code: chart.code, to, version: chart.version });
  return (
    <div className="h-full p-4">
      <VersionHistory {...{ connection, hooks, version, restore }} subject={chart} onChoose={(chosen) => onVersion(chosen || undefined)} />
    </div>
  );
}
