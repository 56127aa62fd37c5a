import { useMemo } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { mayAcceptChart } from '#common/rules/accept-chart.ts';
import { diffDocuments } from '#common/versions/diff.ts';
import { bodyOf } from '#common/versions/shape.ts';
import { BacktestComparison } from '#renderer/domain/chart-versions/backtest-comparison.tsx';
import { useAcceptChart } from '#renderer/domain/chart-versions/use-accept-chart.ts';
import { words } from '#renderer/domain/chart-versions/words.ts';
import { usePlaceName } from '#renderer/domain/versions/places.ts';
import { words as versionWords } from '#renderer/domain/versions/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { DiffView } from '#renderer/ui/diff-view.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import type { RuleRow } from './rule-list.ts';

interface NewChartVersionProps {
  row: RuleRow;
  connection: Connection;
  /** Why the rule can't be changed; undefined if it can. */
  denied: string | undefined;
  /** The version that the rule evaluates. */
  evaluated: Chart;
  newest: Chart;
}

/** What changed in the rule's chart, what that means for its firings, and the button that accepts it. */
export function NewChartVersion({ row: { rule }, connection, denied, evaluated, newest }: NewChartVersionProps) {
  const t = useText(words);
  const v = useText(versionWords);
  const { accept } = useAcceptChart(connection.id);
  const changes = useMemo(() => diffDocuments(bodyOf(evaluated), bodyOf(newest)), [evaluated, newest]);
  const nameOf = usePlaceName(noDocuments);
  const { version } = newest;
  const isOwners = !mayAcceptChart(rule, { name: connection.username, role: connection.role });
  const reason = denied ?? (isOwners ? t('ownerAccepts', { owner: rule.owner }) : undefined);
  return (
    <section aria-label={t('newVersion')} className="flex flex-col gap-3 rounded-md border border-warning/50 p-3">
      <h3 className="font-medium">{t('newVersion')}</h3>
      <p className="text-muted">{t('waits', { old: evaluated.version, version })}</p>
      <DiffView changes={changes} before={v('version', { version: evaluated.version })} after={v('version', { version })} nameOf={nameOf} />
      <div>
        <p className="pb-1 text-faint text-sm">{t('last30Days')}</p>
        <BacktestComparison connectionId={connection.id} rule={rule} before={evaluated} after={newest} />
      </div>
      <Button variant="primary" className="self-start" disabledReason={reason} onClick={() => void accept(rule, version)}>
        {t('accept', { version })}
      </Button>
      {reason !== undefined && <p className="text-pretty text-muted">{reason}</p>}
    </section>
  );
}

const noDocuments: never[] = [];
