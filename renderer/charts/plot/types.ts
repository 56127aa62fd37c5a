import type { ChartType, ThresholdSide } from '#common/contract/charts.ts';
import type { Severity } from '#common/contract/primitives.ts';
import type { Interval } from '#common/time/intervals.ts';
import type { PlotPoints } from './points.ts';

export interface ChartSeries extends PlotPoints {
  /** Stays the same while the line does, so that it keeps its colour. */
  id: string;
  name: string;
  /** Index in the palette, from 0. */
  place: number;
  /** Drawn faint and dashed beneath the others: a comparison. */
  faint?: boolean;
  /** Minimum and maximum of each bucket: drawn as a band behind the line, so that no extreme is averaged away. */
  extremes?: { least: PlotPoints; greatest: PlotPoints };
}

interface ChartThreshold {
  value: number;
  label: string;
  severity: Severity;
  /** The side on which values reach it; absent means at or above. */
  reached?: ThresholdSide | undefined;
}

/** An interval in which an alert fired; `to` is null while it still does. */
export interface FiringInterval {
  from: number;
  to: number | null;
  severity: Severity;
}

export interface ChartMark {
  at: number;
  label: string;
}

export interface SeriesChartProps {
  /** A description of the chart for screen readers. */
  label: string;
  series: readonly ChartSeries[];
  /** The visible interval, ms. */
  interval: Interval;
  /** Width of the buckets that the points stand for, ms; 0 for stored points. */
  bucketMs: number;
  unit: string;
  /** Number of decimals; absent follows the value. */
  decimals?: number | undefined;
  /** Types without a time axis (pie, gauge, stat, table) are drawn as lines here. */
  type?: ChartType | undefined;
  /** On a logarithmic axis values of zero or less are gaps. */
  scale?: 'linear' | 'log' | undefined;
  /** Areas and bars are stacked. */
  stacked?: boolean | undefined;
  min?: number | undefined;
  max?: number | undefined;
  thresholds?: readonly ChartThreshold[] | undefined;
  /** Intervals in which an alert fired; drawn shaded. */
  firing?: readonly FiringInterval[] | undefined;
  /** Intervals that a person marked as incidents; drawn with a bar on top. */
  incidents?: readonly Interval[] | undefined;
  marks?: readonly ChartMark[] | undefined;
  /** Intervals that could not be loaded; drawn hatched. */
  missing?: readonly Interval[] | undefined;
  /** Intervals whose points are lost or may be, because the backend's store was damaged; drawn cross-hatched. */
  damaged?: readonly Interval[] | undefined;
  /** Id of the one line that isn't dimmed. */
  emphasis?: string | null | undefined;
  /** A small picture: fewer labels, no zoom. */
  mini?: boolean | undefined;
  /** Called with the new interval once a zoom or pan ends. Without it there are no gestures. */
  onIntervalChange?: ((interval: Interval) => void) | undefined;
  /** Double-click or Backspace: undoes the last zoom. */
  onBack?: (() => void) | undefined;
  /** Zooms with the wheel too; off if the page around it scrolls. */
  wheel?: boolean | undefined;
  className?: string;
}
