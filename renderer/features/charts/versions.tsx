import { useRef } from 'react';
import { type Chart, chartDefinition } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Rule } from '#common/contract/rules.ts';
import { ChartChangeDialog, useRulesOfChange } from '#renderer/domain/chart-versions/chart-change-dialog.tsx';
import { useAcceptChart } from '#renderer/domain/chart-versions/use-accept-chart.ts';
import { useChartVersion, useChartVersions, useConsole } from '#renderer/domain/queries/index.ts';
import { type RestoreQuestion, VersionHistory } from '#renderer/domain/versions/history.tsx';

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
  const connectionId = connection.id;
  const { move } = useAcceptChart(connectionId);
  const rulesOfChange = useRulesOfChange(connectionId);
  // Chosen in the question, and moved once the version is restored.
  const moved = useRef<Rule[]>([]);
  const restore = async (to: number) => {
    const restored = await charts.rollback({ connectionId, code: chart.code, to, version: chart.version });
    if (moved.current.length > 0) void move(moved.current, () => restored.version);
  };
  const confirm = ({ body, onConfirm, onClose }: RestoreQuestion) => {
    moved.current = [];
    const next = chartDefinition.parse(body);
    const rules = rulesOfChange(chart, next);
    if (rules.length === 0) return null;
    const save = (chosen: Rule[]) => {
      moved.current = chosen;
      onClose();
      onConfirm();
    };
    return <ChartChangeDialog connectionId={connectionId} changes={[{ chart, next, rules }]} onSave={save} onClose={onClose} />;
  };
  return (
    <div className="h-full p-4">
      <VersionHistory
        {...{ connection, hooks, version, restore, confirm }}
        subject={chart}
        onChoose={(chosen) => onVersion(chosen || undefined)}
      />
    </div>
  );
}
