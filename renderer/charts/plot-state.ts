import type { ChartType } from '#common/contract/charts.ts';
import { locales } from '#renderer/ui/i18n.ts';
import type { Preferences } from '#renderer/ui/preferences.tsx';
import { valueTick } from './axis.ts';
import { type Annotations, type Frame, type Look, type PlotKind, type PlotLine, type PlotState, timeLabel } from './engine/index.ts';
import { type ChartTheme, isDashed } from './theme.ts';
import type { SeriesChartProps } from './types.ts';

/** Margins that don't depend on the data, so that nothing jumps when it changes. The value axis stands where reading starts. */
export function frameOf(theme: ChartTheme, mini: boolean, rtl: boolean): Frame {
  const axis = theme.rem * (mini ? 3 : 4);
  const edge = theme.rem * (mini ? 0.25 : 0.75);
  return {
    left: rtl ? edge : axis,
    right: rtl ? axis : edge,
    top: theme.rem * (mini ? 0.5 : 1.5),
    bottom: theme.rem * (mini ? 1.25 : 1.5),
  };
}

const kinds: Record<ChartType, PlotKind> = {
  line: 'line',
  area: 'area',
  step: 'step',
  bar: 'bar',
  band: 'band',
  scatter: 'scatter',
  heatmap: 'heatmap',
  pie: 'line',
  gauge: 'line',
  stat: 'line',
  table: 'line',
};

/** How a chart is drawn; its type where it has a time axis. */
export const kindOf = (type: ChartType | undefined): PlotKind => kinds[type ?? 'line'];

function lookOf(theme: ChartTheme, { language, clock }: Preferences, unit: string, rtl: boolean): Look {
  const locale = locales[language];
  return {
    faint: theme.faint,
    muted: theme.muted,
    border: theme.border,
    surface: theme.surface,
    attention: theme.attention,
    heat: theme.series[0] ?? theme.foreground,
    font: theme.font,
    rem: theme.rem,
    rtl,
    clock,
    timeLabel: (at, step) => timeLabel(at, step, { locale, clock }),
    valueLabel: (value, step) => valueTick(value, step, unit),
  };
}

function linesOf({ series, emphasis, mini }: SeriesChartProps, theme: ChartTheme): PlotLine[] {
  return series.map(({ id, name, place, faint }) => {
    const dimmed = emphasis != null && emphasis !== id;
    return {
      id,
      name,
      color: theme.series[place % theme.series.length] ?? theme.foreground,
      opacity: dimmed ? 0.2 : faint ? 0.5 : 1,
      width: theme.rem * (mini ? 0.08 : 0.1),
      dashed: (faint ?? false) || isDashed(place),
      ...(faint ? { fill: 0 } : {}),
    };
  });
}

function annotationsOf({ thresholds = [], spans = [], marks = [], missing = [] }: SeriesChartProps, theme: ChartTheme): Annotations {
  return {
    thresholds: thresholds.map(({ value, label, severity }) => ({ value, label, color: theme.severity[severity] })),
    spans: [
      ...missing.map(({ from, to }) => ({ from, to, color: theme.attention, hatched: true })),
      ...spans.map(({ from, to, severity }) => ({ from, to, color: theme.severity[severity], hatched: false })),
    ],
    marks: marks.map(({ at, label }) => ({ at, label, color: theme.muted })),
  };
}

/** Everything the engine must know of a chart but its points. */
export function plotState(props: SeriesChartProps, theme: ChartTheme, preferences: Preferences, rtl: boolean): PlotState {
  const mini = props.mini ?? false;
  const kind = kindOf(props.type);
  const stacks = props.stacked === true && (kind === 'area' || kind === 'bar') && !props.series.some((one) => one.faint);
  return {
    lines: linesOf(props, theme),
    kind,
    stack: stacks ? 'stacked' : 'none',
    scale: props.scale ?? 'linear',
    min: props.min,
    max: props.max,
    annotations: annotationsOf(props, theme),
    frame: frameOf(theme, mini, rtl),
    look: lookOf(theme, preferences, props.unit, rtl),
    mini,
  };
}
