import { useCallback, useMemo } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { ThresholdCondition } from '#common/contract/conditions.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import { moveThreshold } from '#common/rules/suggest.ts';
import { DamageNote, type RuleSeries, ThresholdChart } from '#renderer/charts/index.ts';
import type { Backtest } from '#renderer/domain/backtest/use-backtest.ts';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { ScrollArea } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { BacktestPanel } from './backtest-panel.tsx';
import { ChartKey } from './chart-key.tsx';
import { type ChangeDraft, drawnThreshold, type EditedRule } from './draft.ts';
import { firingMarks } from './firing-marks.ts';
import { IncidentsPanel } from './incidents/incidents-panel.tsx';
import { useIncidents } from './incidents/use-incidents.ts';
import { referenceLines } from './reference-lines.ts';
import { words } from './words.ts';

interface PreviewProps {
  connectionId: string;
  /** Null for a new rule. */
  storedCode: string | null;
  chart: Chart;
  series: RuleSeries;
  draft: EditedRule;
  /** Null while the draft can't be changed here. */
  change: ChangeDraft | null;
  backtest: Backtest;
  rangeMs: number;
}

/** The chart with its threshold, incidents, and when the rule would have fired, and the list of those firings. */
export function Preview({ connectionId, storedCode, chart, series, draft, change, backtest, rangeMs }: PreviewProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const marks = useIncidents(connectionId, chart.code);
  const drawn = change === null ? null : drawnThreshold(draft);
  const firing = useMemo(() => firingMarks(backtest.firings, series.interval), [backtest.firings, series.interval]);
  const only = Object.keys(draft.matchLabels).length === 0 ? null : labelsKey(draft.matchLabels);
  const lines = useMemo(() => (only === null ? series.lines : series.lines.filter(({ id }) => id === `0 ${only}`)), [series.lines, only]);
  const references = useReferences(draft, backtest, lines);
  const drag = useCallback((threshold: number) => change?.((rule) => withDrawn(rule, (one) => ({ ...one, threshold }))), [change]);
  const use = useCallback((threshold: number) => change?.((rule) => withDrawn(rule, (one) => moveThreshold(one, threshold))), [change]);
  return (
    <div className="flex min-h-0 min-w-0 flex-col gap-3 p-4 max-lg:flex-none">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <bdi className="truncate font-medium">{chart.title}</bdi>
        <span className="text-muted text-sm">{t('backtest', { range: formatDuration(rangeMs, language) })}</span>
        <ChartKey firing={firing} incidents={marks.incidents} interval={series.interval} />
      </div>
      <DamageNote damaged={series.damaged} isCrossed />
      <div className="min-h-56 flex-1 max-lg:h-80 max-lg:flex-none">
        <ThresholdChart
          drawing={series.drawing}
          lines={references}
          interval={series.interval}
          bucketMs={series.bucketMs}
          damaged={series.damaged}
          threshold={drawn?.threshold ?? Number.NaN}
          severity={draft.severity}
          firing={firing}
          incidents={marks.incidents}
          onThreshold={drag}
        />
      </div>
      <ScrollArea className="max-h-[45%] max-lg:max-h-none max-lg:flex-none">
        <BacktestPanel backtest={backtest} everyMs={draft.evaluateEveryMs} marks={marks} />
        {backtest.plan !== null && (
          <IncidentsPanel
            {...{ connectionId, storedCode, backtest, marks }}
            unit={chart.unit}
            interval={backtest.plan.times}
            onThreshold={change === null ? undefined : use}
          />
        )}
      </ScrollArea>
    </div>
  );
}

/** Edits the condition whose threshold is drawn. */
function withDrawn(rule: EditedRule, edit: (condition: ThresholdCondition) => ThresholdCondition): Pick<EditedRule, 'conditions'> {
  const index = drawnThreshold(rule)?.index;
  return { conditions: rule.conditions.map((one, i) => (i === index && one.kind === 'threshold' ? edit(one) : one)) };
}

/** Returns the lines of the chart, and beneath them what the conditions compare with. */
function useReferences(draft: EditedRule, { histories }: Backtest, lines: RuleSeries['lines']): RuleSeries['lines'] {
  const t = useText(words);
  const { conditions } = draft;
  return useMemo(() => {
    const names = { usual: t('usual'), low: t('rangeLow'), high: t('rangeHigh') };
    return [...lines, ...referenceLines({ conditions }, histories, lines, names)];
  }, [conditions, histories, lines, t]);
}
