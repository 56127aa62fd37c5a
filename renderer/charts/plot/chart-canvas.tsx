import { type KeyboardEvent, type PointerEvent, type RefObject, useLayoutEffect, useRef } from 'react';
import { formatDuration } from '#common/format.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { axisUnit } from './axis.ts';
import { useGestures } from './gestures.ts';
import { Readout } from './readout.tsx';
import type { SeriesChartProps } from './types.ts';
import { useCursor } from './use-cursor.ts';
import { useGroup } from './use-group.ts';
import { type ChartPlot, usePlot } from './use-plot.ts';
import { words } from './words.ts';

export { warmCharts } from '#renderer/charts/engine/index.ts';

/** Draws the chart. `SeriesChart` loads it when the first one is shown. */
export default function ChartCanvas(props: SeriesChartProps) {
  const t = useText(words);
  const surface = useRef<HTMLDivElement>(null);
  const axes = useRef<HTMLDivElement>(null);
  const inside = useRef<HTMLDivElement>(null);
  const follower = useRef<HTMLDivElement>(null);
  const chart = usePlot({ surface, axes, inside }, props);
  const { frame } = chart.state;
  const pointer = usePointer(surface, chart, props);
  const { gestures, cursor, setCursor } = pointer;
  const { view } = gestures;
  useLayoutEffect(() => chart.plot?.show(view.from, view.to), [chart.plot, view.from, view.to]);
  useGroup(chart.plot, follower, { interval: props.interval, view, cursorAt: cursor?.at ?? null });
  return (
    <div
      ref={surface}
      role="application"
      aria-label={props.label}
      aria-description={t('keys')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is moved and read with keys
      tabIndex={0}
      dir="ltr"
      className={cn('relative size-full touch-none select-none', props.onIntervalChange && 'cursor-crosshair', props.className)}
      {...gestures.handlers}
      onPointerMove={pointer.onPointerMove}
      onPointerLeave={() => setCursor(null)}
      onBlur={() => setCursor(null)}
      onDoubleClick={props.onBack}
      onKeyDown={pointer.onKeyDown}
    >
      <div ref={axes} className="absolute inset-0" />
      <div ref={inside} className="absolute inset-0" />
      <AxisNote chart={chart} unit={props.unit} />
      <div
        ref={follower}
        aria-hidden="true"
        className="pointer-events-none invisible absolute w-px bg-border-strong"
        style={{ top: frame.top, bottom: frame.bottom }}
      />
      {gestures.selection && <Selection selection={gestures.selection} chart={chart} />}
      <PlotProblem chart={chart} />
      {!chart.failure && !gestures.selection && <Crosshair chart={chart} pointer={pointer} drawn={props} />}
    </div>
  );
}

/** Handles pointer and keys on a chart: gestures, and the crosshair they move. */
function usePointer(surface: RefObject<HTMLElement | null>, { plot, state, size }: ChartPlot, props: SeriesChartProps) {
  const { frame } = state;
  const { series, bucketMs } = props;
  const gestures = useGestures({
    surface,
    interval: props.interval,
    frame,
    onIntervalChange: props.onIntervalChange,
    onBack: props.onBack,
    wheel: props.wheel ?? true,
  });
  const { view } = gestures;
  const msPerPx = (view.to - view.from) / Math.max(1, size.width - frame.left - frame.right);
  const { cursor, setCursor, rows, shownAt } = useCursor({ plot, series, bucketMs, msPerPx });

  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    gestures.handlers.onPointerMove(event);
    const box = event.currentTarget.getBoundingClientRect();
    setCursor({ at: gestures.timeAt(event.clientX), y: event.clientY - box.top });
  };
  /** Returns true if the chart handled the key. */
  const onKey = ({ key, shiftKey }: KeyboardEvent): boolean => {
    if (shiftKey && (key === 'ArrowLeft' || key === 'ArrowRight')) {
      const step = Math.max(bucketMs, msPerPx) * (key === 'ArrowLeft' ? -1 : 1);
      const at = Math.min(view.to, Math.max(view.from, (cursor ? shownAt : view.to) + step));
      setCursor({ at, y: frame.top });
      return true;
    }
    if (key !== 'Escape' || !cursor) return gestures.onKey(key);
    setCursor(null);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !onKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const x = frame.left + (shownAt - view.from) / msPerPx;
  return { gestures, cursor, setCursor, rows, x, msPerPx, onPointerMove, onKeyDown };
}

/** Unit of the value axis, and the value that its labels are relative to. */
function AxisNote({ chart: { state, note }, unit }: { chart: ChartPlot; unit: string }) {
  const shown = state.mini ? '' : axisUnit(unit);
  if (note === '' && shown === '') return null;
  return (
    <span className={cn('absolute top-0 text-faint text-xs', state.look.rtl ? 'right-0 pr-3' : 'left-0 pl-3')}>
      {note} {shown}
    </span>
  );
}

interface SelectionProps {
  selection: { left: number; width: number; lengthMs: number };
  chart: ChartPlot;
}

/** The interval that a drag has selected so far. */
function Selection({ selection: { left, width, lengthMs }, chart }: SelectionProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const { top, bottom } = chart.state.frame;
  return (
    <div
      className="pointer-events-none absolute border-accent border-x bg-accent/15 text-center text-muted text-xs"
      style={{ left, width, top, bottom }}
    >
      {t('selection', { length: formatDuration(lengthMs, language) })}
    </div>
  );
}

/** Says why there is no picture, or nothing in it. */
function PlotProblem({ chart: { state, isOffLog, failure, plot } }: { chart: ChartPlot }) {
  const t = useText(words);
  const dir = state.look.rtl ? 'rtl' : 'ltr';
  if (failure) {
    return (
      <div dir={dir} className="absolute inset-0 overflow-auto bg-surface">
        <ErrorState title={t('drawFailed')} error={failure} retry={() => plot?.retry()} />
      </div>
    );
  }
  if (!isOffLog) return null;
  return (
    <p
      role="status"
      dir={dir}
      className="pointer-events-none absolute grid place-content-center text-center text-muted"
      style={{ ...state.frame }}
    >
      {t('offLog')}
    </p>
  );
}

interface CrosshairProps {
  chart: ChartPlot;
  pointer: Pick<ReturnType<typeof usePointer>, 'cursor' | 'rows' | 'x' | 'msPerPx'>;
  drawn: Pick<SeriesChartProps, 'unit' | 'decimals' | 'damaged'>;
}

/** The line under the pointer, and the values there. */
function Crosshair({ chart: { state, size }, pointer: { cursor, rows, x, msPerPx }, drawn: { unit, decimals, damaged } }: CrosshairProps) {
  const { frame } = state;
  if (!cursor || x < frame.left || x > size.width - frame.right) return null;
  const top = Math.min(Math.max(0, cursor.y + 12), Math.max(0, size.height - 120));
  const beside = x > size.width / 2 ? { right: size.width - x + 12, top } : { left: x + 12, top };
  return (
    <>
      <div className="pointer-events-none absolute w-px bg-border-strong" style={{ left: x, top: frame.top, bottom: frame.bottom }} />
      <div dir={state.look.rtl ? 'rtl' : 'ltr'}>
        <Readout
          at={cursor.at}
          rows={rows}
          unit={unit}
          decimals={decimals}
          log={state.scale === 'log'}
          total={state.stack !== 'none'}
          isDamaged={damaged?.some(({ from, to }) => cursor.at >= from - msPerPx && cursor.at < to + msPerPx) ?? false}
          style={beside}
        />
      </div>
    </>
  );
}
