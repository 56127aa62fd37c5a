import { type KeyboardEvent, type PointerEvent, type RefObject, useMemo, useRef, useState } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { Severity } from '#common/contract/primitives.ts';
import type { Interval } from '#common/time/intervals.ts';
import { statsOf } from '#renderer/charts/panel/stats.ts';
import { valueAxis } from '#renderer/charts/plot/axis.ts';
import { frameOf } from '#renderer/charts/plot/plot-state.ts';
import { SeriesChart } from '#renderer/charts/plot/series-chart.tsx';
import { useChartTheme } from '#renderer/charts/plot/theme.ts';
import type { ChartSeries, FiringInterval } from '#renderer/charts/plot/types.ts';
import { severityVariable } from '#renderer/domain/severity.tsx';
import { formatSetting } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { words } from './threshold-words.ts';

interface ThresholdChartProps {
  drawing: ChartDrawing;
  lines: readonly ChartSeries[];
  interval: Interval;
  bucketMs: number;
  damaged: readonly Interval[];
  /** NaN while it isn't a valid number. */
  threshold: number;
  severity: Severity;
  /** Intervals in which the rule would have fired. */
  firing: readonly FiringInterval[];
  /** Intervals that a person marked as incidents. */
  incidents: readonly Interval[];
  onThreshold: (value: number) => void;
}

type Axis = { min: number; max: number };

/** The chart with its threshold, which is dragged or moved with the arrow keys. */
export function ThresholdChart({
  drawing,
  lines,
  interval,
  bucketMs,
  damaged,
  threshold,
  severity,
  firing,
  incidents,
  onThreshold,
}: ThresholdChartProps) {
  const t = useText(words);
  const box = useRef<HTMLDivElement>(null);
  const shown = Number.isFinite(threshold);
  const wide = useMemo(() => axisFor(drawing, lines, interval, shown ? threshold : null), [drawing, lines, interval, shown, threshold]);
  // The axis is fixed during a drag, or the line would move away from the pointer.
  const [held, setHeld] = useState<Axis | null>(null);
  const axis = held ?? wide;
  const thresholds = useMemo(
    () => (shown ? [{ value: threshold, severity, label: formatSetting(threshold, drawing.unit) }] : []),
    [shown, threshold, severity, drawing.unit],
  );
  return (
    <div ref={box} className="relative size-full">
      <SeriesChart
        label={t('chartLabel', { title: drawing.title })}
        series={lines}
        interval={interval}
        bucketMs={bucketMs}
        unit={drawing.unit}
        decimals={drawing.decimals}
        type={drawing.type}
        min={axis.min}
        max={axis.max}
        thresholds={thresholds}
        firing={firing}
        incidents={incidents}
        damaged={damaged}
      />
      {shown && threshold >= axis.min && threshold <= axis.max && (
        <ThresholdHandle
          box={box}
          axis={axis}
          threshold={threshold}
          severity={severity}
          onGrab={() => setHeld(axis)}
          onMove={onThreshold}
          onRelease={() => setHeld(null)}
        />
      )}
    </div>
  );
}

interface ThresholdHandleProps {
  /** The element that the chart fills. */
  box: RefObject<HTMLElement | null>;
  axis: Axis;
  threshold: number;
  severity: Severity;
  onGrab: () => void;
  onMove: (value: number) => void;
  onRelease: () => void;
}

/** A slider as wide as the plot, with a handle at its end. */
function ThresholdHandle({ box, axis, threshold, severity, onGrab, onMove, onRelease }: ThresholdHandleProps) {
  const t = useText(words);
  const frame = frameOf(useChartTheme(), false, usePreferences().language === 'ar');
  const share = (axis.max - threshold) / (axis.max - axis.min);
  const step = tidyStep((axis.max - axis.min) / 100);
  const move = (value: number) => onMove(Number((Math.round(value / step) * step).toPrecision(10)));
  const drag = (event: PointerEvent<HTMLElement>) => {
    const area = box.current?.getBoundingClientRect();
    if (!area || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const height = Math.max(1, area.height - frame.top - frame.bottom);
    const at = Math.min(1, Math.max(0, (event.clientY - area.top - frame.top) / height));
    move(axis.max - at * (axis.max - axis.min));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: step, ArrowDown: -step, PageUp: 10 * step, PageDown: -10 * step }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(threshold + by);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t('threshold')}
      aria-orientation="vertical"
      aria-valuemin={axis.min}
      aria-valuemax={axis.max}
      aria-valuenow={threshold}
      title={t('drag')}
      className="absolute -mt-2 h-4 cursor-ns-resize touch-none"
      style={{
        left: frame.left,
        right: frame.right,
        top: `calc(${frame.top}px + ${share} * (100% - ${frame.top + frame.bottom}px))`,
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onGrab();
      }}
      onPointerMove={drag}
      onPointerUp={onRelease}
      onPointerCancel={onRelease}
      onKeyDown={onKeyDown}
    >
      <span
        className="absolute end-1 top-0.5 block h-3 w-6 rounded-full border border-background"
        style={{ background: `var(${severityVariable(severity)})` }}
      />
    </div>
  );
}

/** Returns an axis with round ends that includes all values and the threshold. */
function axisFor(drawing: ChartDrawing, lines: readonly ChartSeries[], interval: Interval, threshold: number | null): Axis {
  const stats = lines.map((line) => statsOf(line, interval));
  const values = stats.flatMap(({ min, max }) => (min === null || max === null ? [] : [min, max]));
  const include = threshold === null ? [] : [threshold];
  const extent = values.length === 0 ? null : { min: Math.min(...values), max: Math.max(...values) };
  // A threshold beyond an end that the definition fixes extends the axis.
  const min = drawing.min === undefined ? undefined : Math.min(drawing.min, ...include);
  const max = drawing.max === undefined ? undefined : Math.max(drawing.max, ...include);
  return valueAxis({ extent, include, fixed: { min, max }, fromZero: drawing.type === 'area' || drawing.type === 'bar', steps: 8 });
}

/** Returns 1, 2 or 5 times a power of ten, at or below `raw`. */
function tidyStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const share = raw / power;
  return (share >= 5 ? 5 : share >= 2 ? 2 : 1) * power;
}
