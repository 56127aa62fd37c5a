import { useNavigate } from '@tanstack/react-router';
import { SquareArrowOutUpRight } from 'lucide-react';
import { useMemo } from 'react';
import { narrowSelector } from '#common/charts/narrow.ts';
import type { Chart, ChartDefinition, ChartType } from '#common/contract/charts.ts';
import type { RuleFiring } from '#common/contract/console/alerts.ts';
import type { Rule } from '#common/contract/rules.ts';
import { TimeChart } from '#renderer/charts/index.ts';
import { useRange } from '#renderer/domain/address.ts';
import { words as chartVersionWords } from '#renderer/domain/chart-versions/words.ts';
import { places } from '#renderer/domain/places.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { thresholdsOf } from './thresholds.ts';
import { words } from './words.ts';

/** Types that draw over time, on which a threshold is a line; others are drawn as lines. */
const timed: ReadonlySet<ChartType> = new Set(['line', 'area', 'step', 'bar', 'scatter']);

interface RuleChartProps {
  rule: Rule;
  chart: Chart;
  /** The chart isn't its newest version. */
  isOlder: boolean;
  connectionId: string;
  firings: readonly RuleFiring[];
}

/** What the rule evaluates: the chart with its threshold, and when it fired. */
export function RuleChart({ rule, chart, isOlder, connectionId, firings }: RuleChartProps) {
  const t = useText(words);
  const v = useText(chartVersionWords);
  const navigate = useNavigate();
  const { range } = useRange();
  const drawing = useMemo(() => drawingOf(rule, chart), [rule, chart]);
  const firing = useMemo(
    () => firings.map(({ firedAt, resolvedAt, severity }) => ({ from: firedAt, to: resolvedAt, severity })),
    [firings],
  );
  return (
    <section>
      <div className="mb-1 flex items-center justify-between">
        <span className="flex min-w-0 flex-wrap gap-x-3 text-sm">
          <bdi className="truncate text-muted">{chart.title}</bdi>
          {isOlder && <span className="text-warning">{v('olderShown', { version: chart.version })}</span>}
        </span>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t('openInExplore')}
          tooltip={t('openInExplore')}
          onClick={() => void navigate(places.explore({ connection: connectionId, chart: chart.code }))}
        >
          <SquareArrowOutUpRight className="size-3.5" />
        </Button>
      </div>
      <div className="h-60">
        <TimeChart
          label={t('chartLabel', { name: rule.name })}
          definition={drawing}
          connectionId={connectionId}
          range={range}
          firing={firing}
        />
      </div>
    </section>
  );
}

/** Returns the chart with only the series of the rule, and the thresholds that its values are compared with. */
function drawingOf(rule: Rule, chart: ChartDefinition): ChartDefinition {
  return {
    ...chart,
    type: timed.has(chart.type) ? chart.type : 'line',
    selector: narrowSelector(chart.selector, rule.matchLabels),
    thresholds: thresholdsOf(rule, chart.unit),
  };
}
