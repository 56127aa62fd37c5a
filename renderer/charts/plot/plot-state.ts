import type { ChartType } from '#common/contract/charts.ts';
import {
  type Annotations,
  type AxisLabels,
  type Frame,
  type Look,
  type PlotKind,
  type PlotLine,
  type Room,
  type Stack,
  sameAxis,
  timeLabel,
  type ValueAxis,
} from '#renderer/charts/engine/index.ts';
import { locales } from '#renderer/ui/i18n.ts';
import type { Preferences } from '#renderer/ui/preferences.tsx';
import { axisLabels, axisUnit } from './axis.ts';
import { edgeIds } from './extremes.ts';
import { type ChartTheme, isDashed } from './theme.ts';
import { isLow } from './thresholds.ts';
import type { ChartSeries, SeriesChartProps } from './types.ts';

/** Minimum room for the value axis, rem. Most labels fit, so nothing jumps when the data changes. */
const axisRem = { mini: 3, full: 4 };

/**
 * Returns the margins around the plot. The value axis is on the side where reading starts.
 * @param axisPx width that its labels need, CSS pixels
 */
export function frameOf(theme: ChartTheme, mini: boolean, rtl: boolean, axisPx = 0): Frame {
  const axis = Math.max(axisPx, theme.rem * axisRem[mini ? 'mini' : 'full']);
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

/** Returns how a chart is drawn: its type, if that has a time axis. */
export const kindOf = (type: ChartType | undefined): PlotKind => kinds[type ?? 'line'];

/** Font size of the axes, rem. */
const labelRem = 0.6875;

let ruler: CanvasRenderingContext2D | null | undefined;

/**
 * Measures a text as charts draw it, CSS pixels. The measuring element is part of the page, so that its digits are as wide as the page's
 * style makes them.
 */
function widthOf(text: string, font: string): number {
  if (ruler === undefined) {
    const canvas = document.createElement('canvas');
    canvas.hidden = true;
    document.body.append(canvas);
    ruler = canvas.getContext('2d');
  }
  if (!ruler) return text.length * 7;
  ruler.font = font;
  return ruler.measureText(text).width;
}

interface Labelled {
  axis: ValueAxis;
  room: Room;
  ticks: number;
  digitPx: number;
}

/** Formats the labels of an axis and caches them, since every picture asks for them. */
function labeller(unit: string, font: string): Look['valueLabels'] {
  let last: Labelled | null = null;
  let labels: AxisLabels = { texts: [], note: '', width: 0 };
  return (values: readonly number[], axis: ValueAxis, room: Room) => {
    // Widths change once the font has loaded, which shows in the width of a digit.
    const next = { axis, room, ticks: values.length, digitPx: widthOf('0', font) };
    if (!last || !isLabelledAlike(last, next)) {
      last = next;
      labels = axisLabels({ values, axis, unit, ...room, widthOf: (text) => widthOf(text, font) });
    }
    return labels;
  };
}

const isLabelledAlike = (a: Labelled, b: Labelled): boolean =>
  sameAxis(a.axis, b.axis) &&
  a.room.room === b.room.room &&
  a.room.maxRoom === b.room.maxRoom &&
  a.ticks === b.ticks &&
  a.digitPx === b.digitPx;

/** Returns colours, fonts and labels. A chart keeps the object until its inputs change, because it caches labels. */
export function lookOf(theme: ChartTheme, { language, clock }: Preferences, unit: string): Look {
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
    rtl: language === 'ar',
    clock,
    unit: axisUnit(unit),
    timeLabel: (at, step) => timeLabel(at, step, { locale, clock }),
    valueLabels: labeller(unit, `${theme.rem * labelRem}px ${theme.font}`),
  };
}

/** Returns how the lines of a chart are drawn; all but `emphasis` are dimmed. */
export function linesOf(series: readonly ChartSeries[], emphasis: string | null, mini: boolean, theme: ChartTheme): PlotLine[] {
  return series.flatMap(({ id, name, place, faint, extremes }): PlotLine[] => {
    const dimmed = emphasis !== null && emphasis !== id;
    const color = theme.series[place % theme.series.length] ?? theme.foreground;
    const line = {
      id,
      name,
      color,
      opacity: dimmed ? 0.2 : faint ? 0.5 : 1,
      width: theme.rem * (mini ? 0.08 : 0.1),
      dashed: (faint ?? false) || isDashed(place),
      ...(faint ? { fill: 0 } : {}),
    };
    if (!extremes) return [line];
    const edge = { name, color, opacity: dimmed ? 0.1 : 0.55, width: theme.rem * 0.05 };
    const [least, greatest] = edgeIds(id);
    return [{ ...edge, id: least, fill: 0 }, { ...edge, id: greatest, fill: bandFill, under: least }, line];
  });
}

/** Opacity of the area between the extremes, relative to that of its edges. */
const bandFill = 0.3;

type Annotated = Pick<SeriesChartProps, 'thresholds' | 'firing' | 'incidents' | 'marks' | 'missing' | 'damaged'>;

/** Returns what is drawn over the lines of a chart, in the theme's colours. */
export function annotationsOf(
  { thresholds = [], firing = [], incidents = [], marks = [], missing = [], damaged = [] }: Annotated,
  theme: ChartTheme,
): Annotations {
  return {
    thresholds: thresholds.map(({ value, label, severity, reached }) => ({
      value,
      label,
      color: theme.severity[severity],
      below: isLow(reached),
    })),
    intervals: [
      ...missing.map(({ from, to }) => ({ from, to, color: theme.attention, fill: 'hatched' as const })),
      ...damaged.map(({ from, to }) => ({ from, to, color: theme.danger, fill: 'crossed' as const })),
      ...incidents.map(({ from, to }) => ({ from, to, color: theme.accent, fill: 'barred' as const })),
      ...firing.map(({ from, to, severity }) => ({ from, to, color: theme.severity[severity], fill: 'shaded' as const })),
    ],
    marks: marks.map(({ at, label }) => ({ at, label, color: theme.muted })),
  };
}

/** Returns how the series of a chart are stacked. A comparison is drawn faintly and isn't stacked. */
export const stackOf = (kind: PlotKind, stacked: boolean, series: readonly ChartSeries[]): Stack =>
  stacked && (kind === 'area' || kind === 'bar') && !series.some((one) => one.faint) ? 'stacked' : 'none';
