import type { ChartDrawing, ChartType } from '../../contract/charts.ts';
import { type Severity, severities } from '../../contract/primitives.ts';
import type { Aggregation } from '../../contract/signals.ts';
import type { Losses } from './losses.ts';
import type { GrafanaPanel } from './model.ts';
import { unitOf } from './units.ts';

type ChartStyle = Pick<ChartDrawing, 'type' | 'stacked' | 'unit' | 'scale' | 'thresholds'> &
  Partial<Pick<ChartDrawing, 'decimals' | 'min' | 'max'>>;

/** Returns the chart type for a Grafana panel; null when there is none. */
export function chartTypeOf(panel: GrafanaPanel, where: string, losses: Losses): ChartType | null {
  const custom = panel.fieldConfig?.defaults?.custom;
  switch (panel.type) {
    case 'timeseries':
      if (custom?.drawStyle === 'bars') return 'bar';
      if (custom?.drawStyle === 'points') return 'scatter';
      if (custom?.lineInterpolation?.startsWith('step')) return 'step';
      return (custom?.fillOpacity ?? 0) > 0 ? 'area' : 'line';
    case 'graph':
      if (panel.bars) return 'bar';
      if (panel.lines === false && panel.points) return 'scatter';
      if (panel.steppedLine) return 'step';
      // The old graph panel filled its lines by default.
      return (panel.fill ?? 1) > 0 ? 'area' : 'line';
    case 'stat':
      return 'stat';
    case 'singlestat':
      return panel.gauge?.show ? 'gauge' : 'stat';
    case 'gauge':
      return 'gauge';
    case 'bargauge':
      losses.add(where, 'bar_gauge');
      return 'gauge';
    case 'barchart':
      losses.add(where, 'bar_chart');
      return 'bar';
    case 'piechart':
    case 'grafana-piechart-panel':
      return 'pie';
    case 'heatmap':
      return 'heatmap';
    case 'table':
    case 'table-old':
      return 'table';
    default:
      return null;
  }
}

const oneValue: readonly (ChartType | null)[] = ['stat', 'gauge', 'pie'];
const calculations: Record<string, Aggregation> = {
  last: 'last',
  lastNotNull: 'last',
  current: 'last',
  mean: 'avg',
  avg: 'avg',
  min: 'min',
  max: 'max',
  sum: 'sum',
  total: 'sum',
  count: 'count',
};

/** Returns the aggregation for an expression without one: that of a single-value panel's calculation, otherwise the last value. */
export function aggregationOf(panel: GrafanaPanel, type: ChartType, where: string, losses: Losses): Aggregation {
  if (!oneValue.includes(type)) return 'last';
  const calculation = panel.options?.reduceOptions?.calcs?.[0] ?? panel.valueName ?? (panel.type === 'singlestat' ? 'avg' : 'last');
  const known = Object.hasOwn(calculations, calculation) ? calculations[calculation] : undefined;
  if (known === undefined) losses.add(where, 'calculation', { name: calculation });
  return known ?? 'last';
}

/** Returns type, unit, decimals, scale, axis limits and thresholds. */
export function styleOf(panel: GrafanaPanel, type: ChartType, where: string, losses: Losses): ChartStyle {
  const defaults = panel.fieldConfig?.defaults;
  const custom = defaults?.custom;
  const axis = panel.yaxes?.[0];
  const unitId = defaults?.unit ?? axis?.format ?? panel.format ?? '';
  const { unit, loss } = unitOf(unitId);
  if (loss !== null) losses.add(where, loss, { unit: unitId });
  const decimals = defaults?.decimals ?? panel.decimals;
  const stacking = custom?.stacking?.mode ?? (panel.stack ? (panel.percentage ? 'percent' : 'normal') : 'none');
  if (stacking === 'percent') losses.add(where, 'stack_percent');
  const ends = {
    min: numberOf(defaults?.min ?? axis?.min ?? panel.gauge?.minValue),
    max: numberOf(defaults?.max ?? axis?.max ?? panel.gauge?.maxValue),
  };
  return {
    type,
    unit,
    stacked: stacking === 'normal' || stacking === 'percent',
    scale: custom?.scaleDistribution?.type === 'log' || (axis?.logBase ?? 1) > 1 ? 'log' : 'linear',
    thresholds: thresholdsOf(panel, type, where, losses),
    ...(typeof decimals === 'number' ? { decimals: Math.min(6, Math.max(0, Math.round(decimals))) } : {}),
    ...(ends.min === null ? {} : { min: ends.min }),
    ...(ends.max === null ? {} : { max: ends.max }),
  };
}

function numberOf(value: string | number | null | undefined): number | null {
  if (value === null || value === undefined || value === '' || value === 'auto') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

const maxThresholds = 10;

/** Converts a threshold's colour to a severity. */
function severityOf(color: string): Severity {
  if (/red|critical|#(d44a3a|e02f44|f2495c|c4162a|bf1b00)/i.test(color)) return 'CRITICAL';
  if (/orange|#(ff9830|fa6400|ed8128|ff780a)/i.test(color)) return 'HIGH';
  if (/yellow|warning|#(fade2a|ffee52|f2cc0c|eab839)/i.test(color)) return 'WARNING';
  return 'INFO';
}

function thresholdsOf(panel: GrafanaPanel, type: ChartType, where: string, losses: Losses): ChartDrawing['thresholds'] {
  const found = Array.isArray(panel.thresholds)
    ? panel.thresholds.flatMap(({ value, color, colorMode, op }) =>
        thresholdAt(value ?? 0, severityOf(colorMode ?? color ?? ''), op === 'lt' ? 'below' : undefined),
      )
    : thresholdsOfSteps(stepsOf(panel, type, where, losses));
  if (found.length > maxThresholds) losses.add(where, 'thresholds_over', { count: found.length, max: maxThresholds });
  return found.slice(0, maxThresholds);
}

/** The values from one step up to the next, and their severity. `from` is null for those below every step. */
interface Zone {
  from: number | null;
  severity: Severity;
}

function thresholdsOfSteps(steps: readonly Step[]): ChartDrawing['thresholds'] {
  const zones = steps.map(({ value, color }) => ({ from: value, severity: severityOf(color) }));
  const low = lowZones(zones);
  const next = zones[low];
  // If the zone above the low ones has no severity, it needs no threshold.
  const high = zones.slice(low > 0 && next?.severity === 'INFO' ? low + 1 : low);
  return [
    ...zones.slice(0, low).flatMap(({ severity }, i) => thresholdAt(zones[i + 1]?.from, severity, 'below')),
    ...high.flatMap(({ from, severity }) => thresholdAt(from, severity)),
  ];
}

/** Returns how many of the lowest zones are bad because they are low: none is followed by a more urgent one. */
function lowZones(zones: readonly Zone[]): number {
  if (zones[0]?.from !== null) return 0;
  const urgency = (i: number) => severities.indexOf(zones[i]?.severity ?? 'INFO');
  let count = 0;
  while (count < zones.length - 1 && urgency(count) > 0 && (count === 0 || urgency(count) <= urgency(count - 1))) count++;
  return count;
}

function thresholdAt(value: number | null | undefined, severity: Severity, reached?: 'below'): ChartDrawing['thresholds'] {
  if (value === null || value === undefined) return [];
  return [{ value, severity, label: '', ...(reached === undefined ? {} : { reached }) }];
}

interface Step {
  /** Null for the colour below all other steps. */
  value: number | null;
  color: string;
}

function stepsOf(panel: GrafanaPanel, type: ChartType, where: string, losses: Losses): Step[] {
  if (typeof panel.thresholds === 'string') {
    const values = panel.thresholds
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '' && Number.isFinite(Number(text)));
    const colors = panel.colors ?? [];
    return [
      { value: null, color: colors[0] ?? 'green' },
      ...values.map((text, i) => ({ value: Number(text), color: colors[i + 1] ?? 'red' })),
    ];
  }
  const thresholds = panel.fieldConfig?.defaults?.thresholds;
  const style = panel.fieldConfig?.defaults?.custom?.thresholdsStyle?.mode ?? 'off';
  // Every new panel has steps; time series panels only draw them on request.
  if (!oneValue.includes(type) && style === 'off') return [];
  if (thresholds?.mode === 'percentage') {
    losses.add(where, 'thresholds_percent');
    return [];
  }
  return (thresholds?.steps ?? []).map(({ value, color }) => ({ value: value ?? null, color: color ?? '' }));
}
