import type { BarSeriesOption, LineSeriesOption, ScatterSeriesOption } from 'echarts/charts';
import type { EChartsCoreOption } from 'echarts/core';
import type { Preferences } from '#renderer/ui/preferences.tsx';
import { timeTick, timeTicks, valueAxis, valueTick } from './axis.ts';
import { extentIn, thin, toPairs } from './points.ts';
import type { Stretch } from './range.ts';
import { type ChartTheme, isDashed } from './theme.ts';
import type { ChartSeries, SeriesChartProps } from './types.ts';

/** Where the plot stands inside the canvas, px. */
export interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

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

interface AxesAsk {
  props: SeriesChartProps;
  view: Stretch;
  theme: ChartTheme;
  preferences: Preferences;
  size: { width: number; height: number };
  rtl: boolean;
}

/** Grid and axes of a view: cheap, redrawn at every step of a gesture. */
export function axesOption({ props, view, theme, preferences, size, rtl }: AxesAsk): EChartsCoreOption {
  const mini = props.mini ?? false;
  const frame = frameOf(theme, mini, rtl);
  const plotWidth = size.width - frame.left - frame.right;
  const plotHeight = size.height - frame.top - frame.bottom;
  const ticks = timeTicks(view.from, view.to, Math.max(2, Math.floor(plotWidth / (theme.rem * 5))), preferences.clock);
  const axis = valueAxis({
    extent: extentIn(props.series, view),
    include: (props.thresholds ?? []).map((one) => one.value),
    fixed: { min: props.min, max: props.max },
    fromZero: props.type === 'area' || props.type === 'bar',
    steps: Math.max(3, Math.min(8, Math.floor(plotHeight / (theme.rem * 2.5)))),
  });
  const label = { color: theme.faint, fontFamily: theme.font, fontSize: theme.rem * 0.6875 };
  return {
    grid: { ...frame, containLabel: false },
    xAxis: {
      type: 'value',
      min: view.from,
      max: view.to,
      axisLine: { show: true, lineStyle: { color: theme.border } },
      axisTick: { show: true, customValues: ticks.at, lineStyle: { color: theme.border } },
      axisLabel: {
        ...label,
        customValues: ticks.at,
        hideOverlap: true,
        formatter: (at: number) => timeTick(at, ticks.step, preferences),
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      position: rtl ? 'right' : 'left',
      min: axis.min,
      max: axis.max,
      interval: axis.step,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        ...label,
        margin: theme.rem * 0.5,
        formatter: (value: number) => valueTick(value, axis.step, props.unit),
      },
      splitLine: { lineStyle: { color: theme.border, opacity: 0.7 } },
    },
  };
}

type Drawn = LineSeriesOption | BarSeriesOption | ScatterSeriesOption;

/** Points with a gap on both sides: a line of them alone would be invisible. */
function lonely(pairs: Float64Array): number[][] {
  const out: number[][] = [];
  const known = (i: number) => i >= 0 && i < pairs.length && !Number.isNaN(pairs[i + 1]);
  for (let i = 0; i < pairs.length; i += 2) {
    if (known(i) && !known(i - 2) && !known(i + 2)) out.push([pairs[i] ?? 0, pairs[i + 1] ?? 0]);
  }
  return out;
}

function drawn(one: ChartSeries, props: SeriesChartProps, theme: ChartTheme, columns: number): Drawn[] {
  const color = theme.series[one.place % theme.series.length] ?? theme.foreground;
  const opacity = props.emphasis != null && props.emphasis !== one.id ? 0.2 : 1;
  const pairs = thin(toPairs(one, props.bucketMs), props.stretch, columns);
  // ECharts takes flat typed arrays here (two dimensions a point); its types know them for scatter only.
  const data = pairs as never;
  const shared = { id: one.id, silent: true, animation: false, dimensions: ['t', 'v'], data };
  if (props.type === 'bar') return [{ ...shared, type: 'bar', large: true, barMaxWidth: theme.rem, itemStyle: { color, opacity } }];
  const width = theme.rem * (props.mini ? 0.08 : 0.1);
  const line: LineSeriesOption = {
    ...shared,
    type: 'line',
    showSymbol: false,
    connectNulls: false,
    lineStyle: { color, opacity, width, type: isDashed(one.place) ? 'dashed' : 'solid', join: 'round' },
    ...(props.type === 'area' ? { areaStyle: { color, opacity: 0.12 * opacity } } : {}),
  };
  const alone: ScatterSeriesOption = {
    id: `${one.id} alone`,
    type: 'scatter',
    silent: true,
    animation: false,
    data: lonely(pairs),
    symbolSize: 2.5 * width,
    itemStyle: { color, opacity },
  };
  return [line, alone];
}

/** Diagonal lines on nothing: what is not known. */
function hatch(color: string, rem: number): { image: HTMLCanvasElement; repeat: 'repeat' } {
  const size = Math.round(rem / 2);
  const image = document.createElement('canvas');
  image.width = size;
  image.height = size;
  const pen = image.getContext('2d');
  if (pen) {
    pen.strokeStyle = color;
    pen.globalAlpha = 0.35;
    pen.lineWidth = Math.max(1, rem / 16);
    for (const shift of [-size, 0, size]) {
      pen.beginPath();
      pen.moveTo(shift, size);
      pen.lineTo(shift + size, 0);
      pen.stroke();
    }
  }
  return { image, repeat: 'repeat' };
}

/** Firing spans, thresholds, marks and what is missing: one silent layer under the lines. */
function annotations(props: SeriesChartProps, theme: ChartTheme, end: number): LineSeriesOption {
  const text = { fontFamily: theme.font, fontSize: theme.rem * 0.6875 };
  const missing = (props.missing ?? []).map(({ from, to }) => [
    { xAxis: from, itemStyle: { color: hatch(theme.attention, theme.rem), opacity: 1 } },
    { xAxis: to },
  ]);
  const firing = (props.spans ?? []).map(({ from, to, severity }) => [
    { xAxis: from, itemStyle: { color: theme.severity[severity], opacity: 0.14 } },
    { xAxis: to ?? end },
  ]);
  const thresholds = (props.thresholds ?? []).map(({ value, label, severity }) => ({
    yAxis: value,
    lineStyle: { color: theme.severity[severity], type: 'dashed', width: 1 },
    label: { ...text, show: true, formatter: label, position: 'insideStartTop', color: theme.severity[severity] },
  }));
  const edges = (props.spans ?? []).flatMap(({ from, to, severity }) =>
    [from, to].flatMap((at) =>
      at === null ? [] : [{ xAxis: at, lineStyle: { color: theme.severity[severity], type: 'solid', width: 1 }, label: { show: false } }],
    ),
  );
  const marks = (props.marks ?? []).map(({ at, label }) => ({
    xAxis: at,
    lineStyle: { color: theme.muted, type: 'dotted', width: 1 },
    // Above the plot, where there is room for it.
    label: { ...text, show: label !== '' && !props.mini, formatter: label, position: 'end', distance: theme.rem / 4, color: theme.muted },
  }));
  return {
    id: 'annotations',
    type: 'line',
    silent: true,
    animation: false,
    z: 1,
    data: [],
    markArea: { silent: true, animation: false, data: [...missing, ...firing] as never },
    markLine: { silent: true, animation: false, symbol: 'none', data: [...edges, ...thresholds, ...marks] as never },
  };
}

/**
 * Everything that is drawn inside the axes.
 * @param columns width of the plot, px: more points than it can show are thinned without changing the line
 */
export function seriesOption(props: SeriesChartProps, theme: ChartTheme, columns: number): { series: Drawn[] } {
  return { series: [annotations(props, theme, props.stretch.to), ...props.series.flatMap((one) => drawn(one, props, theme, columns))] };
}
