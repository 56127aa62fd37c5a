import type { EChartsCoreOption } from 'echarts/core';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { formatValue } from '#common/format.ts';
import { formatParts } from '#renderer/ui/format.ts';
import type { ChartTheme } from '../theme.ts';
import type { ChartSeries } from '../types.ts';
import { severityOf } from './thresholds.ts';

interface RoundAsk {
  definition: ChartDrawing;
  lines: readonly ChartSeries[];
  theme: ChartTheme;
  size: { width: number; height: number };
  rtl: boolean;
}

/** The newest finite value of a line; null when it has none. */
export function newest({ v }: Pick<ChartSeries, 'v'>): number | null {
  for (let i = v.length - 1; i >= 0; i--) {
    const value = v[i] ?? Number.NaN;
    if (Number.isFinite(value)) return value;
  }
  return null;
}

export function roundOption(ask: RoundAsk): EChartsCoreOption {
  return { animation: false, aria: { enabled: false }, ...(ask.definition.type === 'pie' ? pie(ask) : gauge(ask)) };
}

const colorOf = (theme: ChartTheme, place: number): string => theme.series[place % theme.series.length] ?? theme.foreground;

/** A value with its unit, as the definition writes it. */
/** Of its font's size, about: a value with a long unit is written smaller, inside the arc. */
const figureWidth = 0.6;

function written(value: number | null, { unit, decimals }: ChartDrawing): string {
  const parts = formatParts(value, unit, decimals);
  return parts.unit === '' ? parts.figures : `${parts.figures} ${parts.unit}`;
}

/** Shares of the newest values. A value below zero has no share and is left out; the legend still says it. */
function pie({ definition, lines, theme, size, rtl }: RoundAsk): EChartsCoreOption {
  const values = lines.map((line) => ({ line, value: newest(line) }));
  const total = values.reduce((sum, { value }) => sum + Math.max(0, value ?? 0), 0);
  const share = (value: number | null) =>
    value === null || value < 0 || total === 0 ? '' : ` · ${formatValue((value / total) * 100, '%', 0)}`;
  const texts = new Map(values.map(({ line, value }) => [line.name, `${line.name}  ${written(value, definition)}${share(value)}`]));
  const beside = size.width > size.height * 1.3;
  const radius = Math.max(8, Math.min(size.height * 0.44, size.width * (beside ? 0.24 : 0.4)));
  return {
    legend: {
      type: 'scroll',
      orient: beside ? 'vertical' : 'horizontal',
      ...(beside ? { [rtl ? 'left' : 'right']: theme.rem / 2, top: 'middle' } : { bottom: 0 }),
      ...(rtl ? { align: 'right' } : {}),
      icon: 'roundRect',
      itemWidth: theme.rem * 0.75,
      itemHeight: theme.rem * 0.5,
      selectedMode: false,
      textStyle: { color: theme.muted, fontFamily: theme.font, fontSize: theme.rem * 0.75 },
      formatter: (name: string) => texts.get(name) ?? name,
    },
    series: [
      {
        type: 'pie',
        silent: true,
        radius: [radius * 0.6, radius],
        center: beside ? [rtl ? '72%' : '28%', '50%'] : ['50%', '44%'],
        label: { show: false },
        itemStyle: { borderColor: theme.surface, borderWidth: 1 },
        data: values.map(({ line, value }) => ({
          name: line.name,
          value: Math.max(0, value ?? 0),
          itemStyle: { color: colorOf(theme, line.place) },
        })),
      },
    ],
  };
}

/** The ends of a gauge: the definition's, else zero and a round number above what it must show. */
function gaugeEnds({ min, max, unit, thresholds }: ChartDrawing, values: readonly number[]): { min: number; max: number } {
  const low = min ?? Math.min(0, ...values);
  if (max !== undefined && max > low) return { min: low, max };
  if (unit === '%') return { min: low, max: 100 };
  const top = Math.max(...values, ...thresholds.map((one) => one.value), low + 1e-9);
  const power = 10 ** Math.floor(Math.log10(top - low));
  return { min: low, max: low + Math.ceil((top - low) / power) * power };
}

/** One dial a line, side by side, its arc in the line's colour and past a threshold in that of its severity. */
function gauge({ definition, lines, theme, size }: RoundAsk): EChartsCoreOption {
  const shown = lines.slice(0, 6);
  const values = shown.map(newest);
  const ends = gaugeEnds(
    definition,
    values.filter((value) => value !== null),
  );
  const columns = Math.max(1, Math.min(shown.length, Math.round(size.width / Math.max(size.height, 1)) || 1));
  const rows = Math.ceil(shown.length / columns);
  const cell = { width: size.width / columns, height: size.height / Math.max(1, rows) };
  const radius = Math.max(16, Math.min(cell.width * 0.44, cell.height * 0.52));
  const thickness = radius * 0.16;
  const span = ends.max - ends.min;
  const zones = [...definition.thresholds].sort((a, b) => a.value - b.value);
  const stops = zones.map(({ value }) => Math.min(1, Math.max(0, (value - ends.min) / span)));
  const rim = [
    ...stops.map((stop, i) => [stop, i === 0 ? theme.border : theme.severity[zones[i - 1]?.severity ?? 'INFO']]),
    [1, zones.length === 0 ? theme.border : theme.severity[zones.at(-1)?.severity ?? 'INFO']],
  ];
  return {
    series: shown.flatMap((line, i) => {
      const value = values[i] ?? null;
      const severity = severityOf(value, definition.thresholds);
      const text = written(value, definition);
      const center = [cell.width * ((i % columns) + 0.5), cell.height * (Math.floor(i / columns) + 0.58)];
      const shared = {
        type: 'gauge',
        silent: true,
        center,
        min: ends.min,
        max: ends.max,
        startAngle: 210,
        endAngle: -30,
        pointer: { show: false },
        axisTick: { show: false },
        splitLine: { show: false },
      };
      return [
        {
          ...shared,
          radius,
          progress: {
            show: value !== null,
            width: thickness,
            itemStyle: { color: severity ? theme.severity[severity] : colorOf(theme, line.place) },
          },
          axisLine: { lineStyle: { width: thickness, color: [[1, theme.border]] } },
          axisLabel: { show: false },
          title: {
            show: true,
            offsetCenter: [0, '62%'],
            color: theme.muted,
            fontFamily: theme.font,
            fontSize: Math.max(theme.rem * 0.6875, radius * 0.11),
            width: radius * 1.8,
            overflow: 'truncate',
          },
          detail: {
            offsetCenter: [0, '8%'],
            color: severity ? theme.severity[severity] : theme.foreground,
            fontFamily: theme.font,
            fontWeight: 600,
            fontSize: Math.min(Math.max(theme.rem * 0.8, radius * 0.26), (1.7 * (radius - thickness)) / (figureWidth * text.length)),
            formatter: () => text,
          },
          data: [{ value: value ?? ends.min, name: line.name }],
        },
        ...(zones.length === 0
          ? []
          : [
              {
                ...shared,
                radius: radius + thickness * 0.5,
                axisLine: { lineStyle: { width: thickness * 0.25, color: rim } },
                axisLabel: { show: false },
                detail: { show: false },
                title: { show: false },
                data: [],
              },
            ]),
      ];
    }),
  };
}
