import { useState } from 'react';
import { measureSame } from '#common/charts/measured.ts';
import type { Chart, ChartDefinition } from '#common/contract/charts.ts';
import type { Rule } from '#common/contract/rules.ts';
import { mayAcceptChart } from '#common/rules/accept-chart.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Badge, Progress } from '#renderer/ui/parts.tsx';
import { useConnections, useRules } from '../queries/index.ts';
import { BacktestComparison } from './backtest-comparison.tsx';
import { useEvaluatedChart } from './use-evaluated-chart.ts';
import { words } from './words.ts';

/** Returns a function that lists the rules whose measurements a change of a chart would alter. */
export function useRulesOfChange(connectionId: string): (chart: Chart, next: ChartDefinition) => Rule[] {
  const rules = useRules(connectionId).data?.rules;
  return (chart, next) => (measureSame(chart, next) ? [] : (rules ?? []).filter(({ chartCode }) => chartCode === chart.code));
}

/** A change of a chart that alters what its rules evaluate. */
export interface ChartChange {
  chart: Chart;
  next: ChartDefinition;
  /** The rules that extend the chart. */
  rules: readonly Rule[];
}

interface ChartChangeDialogProps {
  connectionId: string;
  /** At least one. */
  changes: readonly ChartChange[];
  /** @param moved the rules to move to the new version */
  onSave: (moved: Rule[]) => void;
  onClose: () => void;
}

/** Shows what changes of charts mean for their rules before they are saved, and whether those that the person may change move along. */
export function ChartChangeDialog({ connectionId, changes, onSave, onClose }: ChartChangeDialogProps) {
  const t = useText(words);
  const connection = useConnections().data?.find(({ id }) => id === connectionId);
  const person = { name: connection?.username ?? null, role: connection?.role ?? null };
  const charts = changes.length;
  const rules = changes.flatMap((change) => change.rules);
  const changeOf = new Map(changes.flatMap((change) => change.rules.map((rule) => [rule.code, change] as const)));
  const movable = rules.filter((rule) => mayAcceptChart(rule, person));
  // One rule after the other is measured: each reads 30 days of points.
  const [done, setDone] = useState(0);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('dialogTitle', { count: charts })}
      description={t('dialogAbout', { count: rules.length })}
      className="w-[min(44rem,100vw)]"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button onClick={() => onSave([])}>{t('saveOnly', { count: charts })}</Button>
          <Button variant="primary" disabledReason={movable.length === 0 ? t('moveNone') : undefined} onClick={() => onSave(movable)}>
            {t('saveAndMove', { count: movable.length })}
          </Button>
        </>
      }
    >
      <div className="flex items-center gap-3 pb-2 text-faint text-sm">
        {t('last30Days')}
        {done < rules.length && (
          <>
            <Progress value={done / rules.length} label={t('evaluated', { done, all: rules.length })} className="w-32" />
            {t('evaluated', { done, all: rules.length })}
          </>
        )}
      </div>
      <ul className="flex flex-col divide-y">
        {rules.map((rule, i) => {
          const change = changeOf.get(rule.code);
          if (change === undefined) return null;
          return (
            <RuleOfChange
              key={rule.code}
              connectionId={connectionId}
              rule={rule}
              change={change}
              isNamed={charts > 1}
              isMovable={movable.includes(rule)}
              isOn={i <= done}
              onDone={() => setDone((before) => Math.max(before, i + 1))}
            />
          );
        })}
      </ul>
    </Dialog>
  );
}

interface RuleOfChangeProps {
  connectionId: string;
  rule: Rule;
  change: ChartChange;
  /** The chart is named, because the question is about several. */
  isNamed: boolean;
  isMovable: boolean;
  /** It is this rule's turn to be measured, or was. */
  isOn: boolean;
  onDone: () => void;
}

function RuleOfChange({ connectionId, rule, change: { chart, next }, isNamed, isMovable, isOn, onDone }: RuleOfChangeProps) {
  const t = useText(words);
  const { chart: before, isUnread } = useEvaluatedChart(connectionId, chart, rule.chartVersion);
  return (
    <li className="flex flex-col gap-1 py-2.5">
      <span className="flex flex-wrap items-baseline gap-x-3">
        <bdi className="font-medium">{rule.name}</bdi>
        {isNamed && <bdi className="text-muted text-sm">{chart.title}</bdi>}
        {!rule.enabled && <Badge>{t('paused')}</Badge>}
        {rule.owner !== '' && <span className="text-faint text-sm">{t('ofOwner', { owner: rule.owner })}</span>}
        {!isMovable && <span className="text-muted text-sm">{t('notYours')}</span>}
      </span>
      {isOn && before ? (
        <BacktestComparison connectionId={connectionId} rule={rule} before={before} after={next} onDone={onDone} />
      ) : (
        <p className="text-muted">{t(isUnread ? 'unread' : 'reading')}</p>
      )}
    </li>
  );
}
