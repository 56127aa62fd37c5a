import { bindSelector, resolveValues } from '../../charts/variables.ts';
import type { ChartDefinition, SeriesSelector } from '../../contract/charts.ts';
import type { MetricSeries } from '../../contract/metrics.ts';
import { hasLabels, type Labels } from '../../contract/primitives.ts';
import { type ImportNote, Refusal } from './refusal.ts';
import type { SelectedSeries } from './selectors.ts';

/** What an import knows of the backend. */
export interface ImportTarget {
  charts: readonly ChartDefinition[];
  /** The metric series that exist; null if they aren't known. */
  series: readonly MetricSeries[] | null;
  /** Codes of the charts to use for metrics, whatever they show. */
  chartOf: ReadonlyMap<string, string>;
}

/** The chart of a rule, and how its series are narrowed to those of an expression. */
export interface ChosenChart {
  chartCode: string;
  matchLabels: Labels;
  notes: ImportNote[];
}

/** @throws Refusal if no chart shows these series */
export function chooseChart(wanted: SelectedSeries, { charts, series, chartOf }: ImportTarget): ChosenChart {
  const { metric, labels } = wanted;
  const named = chartOf.get(metric);
  if (named !== undefined) return chooseNamed(wanted, named, charts);
  const showing = charts.flatMap((chart) => {
    const selector = selectorOf(chart);
    return selector?.from === 'metric' && selector.name === metric ? [{ code: chart.code, labels: selector.labels }] : [];
  });
  // The chart that is closest to the expression; of several the first by its code, so that the same file gives the same rules.
  const [chart] = showing
    .filter((one) => hasLabels(labels, one.labels))
    .sort((a, b) => Object.keys(b.labels).length - Object.keys(a.labels).length || (a.code < b.code ? -1 : 1));
  if (chart === undefined) {
    const [narrow] = showing;
    if (narrow === undefined) throw new Refusal('chart_none', { metric });
    throw new Refusal('chart_narrower', { metric, chart: narrow.code, labels: printLabels(narrow.labels) });
  }
  const isKnown = series?.some((one) => one.name === metric && hasLabels(one.labels, labels)) ?? true;
  const notes = isKnown ? [] : [noSeries(wanted)];
  return { chartCode: chart.code, matchLabels: without(labels, chart.labels), notes };
}

function noSeries({ metric, labels }: SelectedSeries): ImportNote {
  if (Object.keys(labels).length === 0) return { code: 'series_none_at_all', params: { metric } };
  return { code: 'series_none', params: { metric, labels: printLabels(labels) } };
}

function chooseNamed({ metric, labels }: SelectedSeries, code: string, charts: readonly ChartDefinition[]): ChosenChart {
  const chart = charts.find((one) => one.code === code);
  if (chart === undefined) throw new Refusal('chart_unknown', { metric, chart: code });
  const selector = selectorOf(chart);
  if (selector?.from === 'metric') {
    const isOther = Object.entries(selector.labels).some(([name, value]) => Object.hasOwn(labels, name) && labels[name] !== value);
    if (isOther) throw new Refusal('chart_narrower', { metric, chart: code, labels: printLabels(selector.labels) });
    const isNarrow = !hasLabels(labels, selector.labels);
    const notes: ImportNote[] = isNarrow ? [{ code: 'chart_labels', params: { chart: code, labels: printLabels(selector.labels) } }] : [];
    return { chartCode: code, matchLabels: without(labels, selector.labels), notes };
  }
  const unknown = Object.keys(labels).find((name) => name !== 'segment');
  if (unknown !== undefined) throw new Refusal('label_of_signal', { chart: code, label: unknown });
  return { chartCode: code, matchLabels: labels, notes: [{ code: 'chart_signals', params: { chart: code } }] };
}

/** Returns what the rules of a chart evaluate; null if a variable of it has no value. */
function selectorOf({ selector, variables }: ChartDefinition): SeriesSelector | null {
  try {
    return bindSelector(selector, resolveValues(variables));
  } catch {
    return null;
  }
}

const without = (labels: Labels, known: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !Object.hasOwn(known, name)));
const printLabels = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ');
