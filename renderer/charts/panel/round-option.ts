import type { EChartsCoreOption } from 'echarts/core';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { formatValue } from '#common/format.ts';
import type { ChartTheme } from '#renderer/charts/plot/theme.ts';
import { zonesOf } from '#renderer/charts/plot/thresholds.ts';
import { formatParts } from '#renderer/ui/format.ts';
import type { CurrentValue } from './fit.ts';

export interface RoundChartProps {
  definition: ChartDrawing;
  figures: readonly CurrentValue[];
  label: string;
  /** When the picture ends: now, or the end of a range in the past, ms. */
  end: number;
}

interface RoundOptions {
  definition: ChartDrawing;
  /** The values that are drawn, the most urgent first if not all fit. */
  figures: readonly CurrentValue[];
  theme: ChartTheme;
  size: { width: number; height: number };
  /** Height kept beneath each gauge for its name, px. */
  captionPx: number;
}

export function roundOption(options: RoundOptions): EChartsCoreOption {
  return { animation: false, aria: { enabled: false }, ...(options.definition.type === 'pie' ? pie(options) : gauge(options)) };
}

const colorOf = (theme: ChartTheme, place: number): string => theme.series[place % theme.series.length] ?? theme.foreground;

/** Approximate width of a digit as a share of the font size: a value with a long unit is written smaller, inside the arc. */
const figureWidth = 0.6;

/** Formats a value with its unit and the definition's decimals. */
export function written(value: number | null, { unit, decimals }: ChartDrawing): string {
  const parts = formatParts(value, unit, decimals);
  return parts.unit === '' ? parts.figures : `${parts.figures} ${parts.unit}`;
}

/** Returns the pie of the newest values, without its legend. Values below zero have no share; stale ones are grey. */
function pie({ figures, theme, size }: RoundOptions): EChartsCoreOption {
  const radius = Math.max(8, Math.min(size.height, size.width) * 0.44);
  return {
    series: [
      {
        type: 'pie',
        silent: true,
        radius: [radius * 0.6, radius],
        center: ['50%', '50%'],
        label: { show: false },
        itemStyle: { borderColor: theme.surface, borderWidth: 1 },
        data: figures.map(({ line, last, staleSince }) => ({
          name: line.name,
          value: Math.max(0, last ?? 0),
          itemStyle: { color: staleSince === null ? colorOf(theme, line.place) : theme.border },
        })),
      },
    ],
  };
}

/** Describes a slice for screen readers and tooltips: its value and its share of all. */
export function shareOf(figure: CurrentValue, figures: readonly CurrentValue[]): string {
  const total = figures.reduce((sum, { last }) => sum + Math.max(0, last ?? 0), 0);
  return figure.last === null || figure.last < 0 || total === 0 ? '' : formatValue((figure.last / total) * 100, '%', 0);
}

/** Returns the ends of a gauge: the definition's, otherwise zero and a round number above all values and thresholds. */
function gaugeEnds({ min, max, unit, thresholds }: ChartDrawing, values: readonly number[]): { min: number; max: number } {
  const low = min ?? Math.min(0, ...values);
  if (max !== undefined && max > low) return { min: low, max };
  if (unit === '%') return { min: low, max: 100 };
  const top = Math.max(...values, ...thresholds.map((one) => one.value), low + 1e-9);
  const power = 10 ** Math.floor(Math.log10(top - low));
  return { min: low, max: low + Math.ceil((top - low) / power) * power };
}

/** Minimum size of a gauge, rem. */
const minDial = { width: 6, height: 5 };
const moreRem = 1.25;

/** Returns the rows and columns that give so many gauges the largest radius. */
export function dialGrid(
  count: number,
  { width, height }: RoundOptions['size'],
  captionPx = 0,
): { columns: number; rows: number; radius: number } {
  let best = { columns: 1, rows: Math.max(1, count), radius: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(Math.max(1, count) / columns);
    const radius = Math.min((width / columns) * 0.44, Math.max(0, height / rows - captionPx) * 0.6);
    if (radius > best.radius) best = { columns, rows, radius };
  }
  return best;
}

/** Returns how many readable gauges fit in a box, leaving a line for the number of hidden ones. */
export function dialCapacity({ width, height }: RoundOptions['size'], rem: number, count: number): number {
  const fits = (room: number) =>
    Math.max(1, Math.floor(width / (minDial.width * rem))) * Math.max(1, Math.floor(room / (minDial.height * rem)));
  return count <= fits(height) ? count : fits(height - moreRem * rem);
}

/** Returns one gauge per line. Its arc has the line's colour, past a threshold that of its severity; grey if the value is stale. */
function gauge({ definition, figures, theme, size, captionPx }: RoundOptions): EChartsCoreOption {
  const values = figures.flatMap(({ last }) => last ?? []);
  const ends = gaugeEnds(definition, values);
  const { columns, rows, radius: widest } = dialGrid(figures.length, size, captionPx);
  const cell = { width: size.width / columns, height: size.height / rows };
  const radius = Math.max(16, widest);
  const thickness = radius * 0.16;
  return {
    series: figures.flatMap((figure, i) => {
      const middle = cell.height * Math.floor(i / columns) + (cell.height - captionPx) * 0.5 + radius * 0.2;
      const shared = {
        type: 'gauge',
        silent: true,
        center: [cell.width * ((i % columns) + 0.5), middle],
        min: ends.min,
        max: ends.max,
        startAngle: 210,
        endAngle: -30,
        pointer: { show: false },
        axisTick: { show: false },
        splitLine: { show: false },
      };
      const arc = { ...shared, radius, ...arcOf(figure, { definition, theme, radius, thickness, low: ends.min }) };
      const rim = { ...shared, radius: radius + thickness * 0.5, ...rimOf(definition, ends, theme, thickness) };
      return definition.thresholds.length > 0 ? [arc, rim] : [arc];
    }),
  };
}

interface ArcOptions extends Pick<RoundOptions, 'definition' | 'theme'> {
  radius: number;
  thickness: number;
  /** Value at which the arc begins. */
  low: number;
}

/** Draws the arc up to a value, with the value in the middle. */
function arcOf({ line, last: value, severity, staleSince }: CurrentValue, { definition, theme, radius, thickness, low }: ArcOptions) {
  const isOld = staleSince !== null;
  const text = written(value, definition);
  const colorOr = (usual: string) => (isOld ? theme.faint : severity ? theme.severity[severity] : usual);
  return {
    progress: { show: value !== null, width: thickness, itemStyle: { color: colorOr(colorOf(theme, line.place)) } },
    axisLine: { lineStyle: { width: thickness, color: [[1, theme.border]] } },
    axisLabel: { show: false },
    title: { show: false },
    detail: {
      offsetCenter: [0, '8%'],
      color: colorOr(theme.foreground),
      fontFamily: theme.font,
      fontWeight: 600,
      fontSize: Math.min(Math.max(theme.rem * 0.8, radius * 0.26), (1.7 * (radius - thickness)) / (figureWidth * text.length)),
      formatter: () => text,
    },
    data: [{ value: value ?? low, name: line.name }],
  };
}

/** Draws a thin line outside the arc, in the colours of the threshold zones. */
function rimOf({ thresholds }: ChartDrawing, { min, max }: { min: number; max: number }, theme: RoundOptions['theme'], thickness: number) {
  const color = zonesOf(thresholds, min, max).map(({ to, severity }) => [
    (to - min) / (max - min),
    severity === null ? theme.border : theme.severity[severity],
  ]);
  return {
    axisLine: { lineStyle: { width: thickness * 0.25, color } },
    axisLabel: { show: false },
    detail: { show: false },
    title: { show: false },
    data: [],
  };
}
