import type { ChartType, ThresholdSide } from '#common/contract/charts.ts';
import type { Severity } from '#common/contract/primitives.ts';
import type { PlotPoints } from './points.ts';
import type { Stretch } from './range.ts';

export interface ChartSeries extends PlotPoints {
  /** Stays the same while the line is the same, so that it keeps its colour. */
  id: string;
  name: string;
  /** Place in the palette, from 0. */
  place: number;
  /** Drawn faint and dashed beneath the others: what the line is compared with. */
  faint?: boolean;
  /** Least and greatest value of each bucket: drawn as a band behind the line, so that no extreme is averaged away. */
  extremes?: { least: PlotPoints; greatest: PlotPoints };
}

interface ChartThreshold {
  value: number;
  label: string;
  severity: Severity;
  /** Which values reach it; absent is at or above. */
  reached?: ThresholdSide | undefined;
}

/** A time in which an alert fired; `to` is null while it still does. */
export interface FiringSpan {
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
  /** The visible range, ms. */
  stretch: Stretch;
  /** Width of the buckets the points stand for, ms; 0 for points as stored. */
  bucketMs: number;
  unit: string;
  /** Digits after the point; absent follows the value. */
  decimals?: number | undefined;
  /** What has no time axis (pie, gauge, stat, table) is drawn as lines here. */
  type?: ChartType | undefined;
  /** On a logarithmic axis what is zero or less is a gap. */
  scale?: 'linear' | 'log' | undefined;
  /** Areas and bars stand on one another. */
  stacked?: boolean | undefined;
  min?: number | undefined;
  max?: number | undefined;
  thresholds?: readonly ChartThreshold[] | undefined;
  spans?: readonly FiringSpan[] | undefined;
  marks?: readonly ChartMark[] | undefined;
  /** Intervals that could not be loaded; drawn hatched. */
  missing?: readonly Stretch[] | undefined;
  /** Parts of the range whose points are gone or may be, because the backend's store was damaged; drawn cross-hatched. */
  damaged?: readonly Stretch[] | undefined;
  /** Only this line at full strength, the others faint. */
  emphasis?: string | null | undefined;
  /** A small picture: fewer labels, no zoom. */
  mini?: boolean | undefined;
  /** Where the person zoomed or panned to, once the gesture rests. Without it there are no gestures. */
  onStretch?: ((stretch: Stretch) => void) | undefined;
  /** Double-click or Backspace: undo the last zoom. */
  onBack?: (() => void) | undefined;
  /** Zoom by the wheel too; off where the page around it scrolls. */
  wheel?: boolean | undefined;
  className?: string;
}
