import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { SeriesLine } from '#common/contract/console/series.ts';
import { code, type Labels, labels } from '#common/contract/primitives.ts';
import type { Rule } from '#common/contract/rules.ts';
import { findReadyRule, type ReadyRule, ruleFromReady } from '#common/rules/ready/index.ts';
import { dayMs, hourMs, weekMs } from '#common/time/durations.ts';
import { proposeCode } from '#renderer/charts/definition-form/values.ts';
import { type RuleSeries, statsOf, useRuleSeries } from '#renderer/charts/index.ts';
import { useAddress, useConnection } from '#renderer/domain/address.ts';
import { useEvaluatedChart } from '#renderer/domain/chart-versions/use-evaluated-chart.ts';
import { words as chartVersionWords } from '#renderer/domain/chart-versions/words.ts';
import { places } from '#renderer/domain/places.ts';
import { useCharts, useRules } from '#renderer/domain/queries/index.ts';
import { words as versionWords } from '#renderer/domain/versions/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { useStable } from '#renderer/ui/use-stable.ts';
import { draftFor, draftOf, type EditedRule } from './draft.ts';
import { Editor } from './editor.tsx';
import { words } from './words.ts';

/**
 * Search parameters of the screen: the rule to edit, or the chart for which a new one is made, the ready rule from which, and the only
 * series it evaluates.
 */
export const editorAddress = z.object({
  rule: code.optional(),
  chart: code.optional(),
  template: code.optional(),
  series: labels.optional(),
});

/** The longest time before now on which a rule is tried, ms. */
const longestMs = 30 * dayMs;
const noValues = {};

/** Edits a rule or makes a new one, with its chart and a backtest beside it. */
export function RuleEditorScreen() {
  const t = useText(words);
  const c = useText(chartVersionWords);
  const v = useText(versionWords);
  const navigate = useNavigate();
  const [address] = useAddress(editorAddress);
  const { connection } = useConnection();
  const only = useStable(address.series);
  const rules = useRules(connection?.id);
  const charts = useCharts(connection?.id);
  const rule = rules.data?.rules.find((one) => one.code === address.rule) ?? null;
  const chartCode = rule?.chartCode ?? address.chart;
  const newest = charts.data?.charts.find((one) => one.code === chartCode);
  const { chart, isPending, isOlder, isUnread } = useEvaluatedChart(connection?.id, newest, rule?.chartVersion);
  const error = rules.error ?? charts.error;
  if (error && !(rules.data && charts.data))
    return <ErrorState title={t('readFailed')} error={error} retry={() => void Promise.all([rules.refetch(), charts.refetch()])} />;
  if (!connection || !rules.data || !charts.data || isPending) return <Loading rows={8} />;
  if (address.rule !== undefined && rule === null) return <Empty className="h-full">{t('ruleUnknown', { code: address.rule })}</Empty>;
  if (isUnread) return <Empty className="h-full">{v('versionUnread')}</Empty>;
  if (chart === undefined)
    return (
      <Empty className="h-full" action={<Button onClick={() => void navigate(places.library())}>{t('openLibrary')}</Button>}>
        {chartCode === undefined ? t('noChart') : t('chartUnknown', { code: chartCode })}
      </Empty>
    );
  const codes = rules.data.rules.map((one) => one.code);
  const ready = findReadyRule(address.template);
  return (
    <div className="flex h-full min-h-0 flex-col">
      {isOlder && <p className="border-b px-4 py-2 text-sm text-warning">{c('olderShown', { version: chart.version })}</p>}
      <div className="min-h-0 flex-1">
        <WithSeries
          key={`${address.rule} ${chart.code} ${ready?.code}`}
          {...{ connection, rule, chart, codes }}
          ready={ready}
          only={only}
        />
      </div>
    </div>
  );
}

interface WithSeriesProps {
  connection: Connection;
  rule: Rule | null;
  chart: Chart;
  codes: readonly string[];
  /** What a new rule is made from; undefined for one of its own. */
  ready: ReadyRule | undefined;
  /** Labels of the only series that a new rule evaluates. */
  only: Labels | undefined;
}

/** Reads the chart's series, from which a new rule's threshold is proposed. */
function WithSeries({ connection, rule, chart, codes, ready, only }: WithSeriesProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const { series, rangeMs } = useHistory(connection.id, chart);
  const first = useMemo<EditedRule | null>(() => {
    if (rule !== null) return draftOf(rule);
    if (ready !== undefined) return ruleFromReady(ready, chart, { language, taken: codes });
    if (!series.answer.data) return null;
    const proposed = draftFor(chart, proposeCode(chart.title, codes), highest(series));
    return only === undefined ? proposed : { ...proposed, matchLabels: only };
  }, [rule, series, chart, codes, ready, only, language]);
  if (first === null && series.answer.error)
    return <ErrorState title={t('readFailed')} error={series.answer.error} retry={() => void series.answer.refetch()} />;
  if (first === null) return <Loading rows={8} />;
  return <Editor connection={connection} stored={rule} first={first} chart={chart} series={series} rangeMs={rangeMs} />;
}

/** Reads the chart's series over the time for which there are points: in a month, the first days of a new backend would hardly be seen. */
function useHistory(connectionId: string, chart: Chart) {
  const [range, setRange] = useState({ lastMs: longestMs, isMeasured: false });
  const series = useRuleSeries(connectionId, chart, noValues, range);
  const { data, isPlaceholderData } = series.answer;
  if (!range.isMeasured && data?.missing.length === 0 && !isPlaceholderData)
    setRange({ lastMs: historyLength(data.series, Date.now()), isMeasured: true });
  return { series, rangeMs: range.lastMs };
}

/** How long ago the oldest point is, in whole hours, quarters of a day or days, ms. */
function historyLength(lines: readonly SeriesLine[], now: number): number {
  const ageMs = Math.max(0, ...lines.map(({ t }) => now - (t[0] ?? now)));
  const unit = ageMs > weekMs ? dayMs : ageMs > dayMs ? dayMs / 4 : hourMs;
  return ageMs === 0 ? longestMs : Math.min(longestMs, Math.ceil(ageMs / unit) * unit);
}

function highest({ lines, interval }: RuleSeries): number | null {
  const found = lines.flatMap((line) => statsOf(line, interval).max ?? []);
  return found.length === 0 ? null : Math.max(...found);
}
