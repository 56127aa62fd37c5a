import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { cn } from '#renderer/ui/cn.ts';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { axisUnit } from './axis.ts';
import { type EChartsType, init } from './echarts.ts';
import { useGestures } from './gestures.ts';
import { axesOption, frameOf, seriesOption } from './option.ts';
import { Readout, rowsAt } from './readout.tsx';
import { usePixelRatio } from './surface.ts';
import { useChartTheme } from './theme.ts';
import type { SeriesChartProps } from './types.ts';
import { words } from './words.ts';

/** Screen pixels around the pointer in which a point is read. */
const reachPx = 24;

/** The chart itself; `SeriesChart` loads it when it is first needed. */
export default function ChartCanvas(props: SeriesChartProps) {
  const t = useText(words);
  const preferences = usePreferences();
  const theme = useChartTheme();
  const ratio = usePixelRatio();
  const surface = useRef<HTMLDivElement>(null);
  const holder = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [cursor, setCursor] = useState<{ at: number; y: number } | null>(null);
  const rtl = preferences.language === 'ar';
  const mini = props.mini ?? false;
  const frame = useMemo(() => frameOf(theme, mini, rtl), [theme, mini, rtl]);
  const gestures = useGestures({
    surface,
    stretch: props.stretch,
    frame,
    onStretch: props.onStretch,
    onBack: props.onBack,
    wheel: props.wheel ?? true,
  });
  const { view } = gestures;

  useLayoutEffect(() => {
    const element = holder.current;
    if (!element) return;
    const instance = init(element, null, { renderer: 'canvas', devicePixelRatio: ratio });
    setChart(instance);
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width === 0 || height === 0) return;
      instance.resize({ width, height, silent: true });
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      instance.dispose();
      setChart(null);
    };
  }, [ratio]);

  const { series, bucketMs, type, thresholds, spans, marks, missing, emphasis, unit, min, max } = props;
  const { from: start, to: end } = props.stretch;
  // Device pixels in steps of 64: a resize by a few redraws nothing.
  const columns = Math.max(64, Math.ceil((size.width * ratio) / 64) * 64);
  useLayoutEffect(() => {
    if (!chart || chart.isDisposed()) return;
    const drawing = seriesOption(
      {
        label: '',
        stretch: { from: start, to: end },
        unit: '',
        series,
        bucketMs,
        mini,
        ...optional({ type, thresholds, spans, marks, missing, emphasis }),
      },
      theme,
      columns,
    );
    chart.setOption({ animation: false, xAxis: {}, yAxis: {}, grid: {}, ...drawing }, { replaceMerge: ['series'], lazyUpdate: true });
  }, [chart, series, bucketMs, mini, type, thresholds, spans, marks, missing, emphasis, theme, start, end, columns]);

  useLayoutEffect(() => {
    if (!chart || chart.isDisposed() || size.width === 0) return;
    const asked = { label: '', stretch: view, bucketMs: 0, series, unit, mini, ...optional({ type, thresholds, min, max }) };
    chart.setOption(axesOption({ props: asked, view, theme, preferences, size, rtl }), { lazyUpdate: true });
  }, [chart, size, view, series, unit, mini, type, thresholds, min, max, theme, preferences, rtl]);

  const plotWidth = Math.max(1, size.width - frame.left - frame.right);
  const perPx = (view.to - view.from) / plotWidth;
  const rows = useMemo(
    () => (cursor ? rowsAt(series, cursor.at, Math.max(reachPx * perPx, bucketMs)) : []),
    [cursor, series, perPx, bucketMs],
  );
  const shownAt = rows[0]?.at ?? cursor?.at ?? 0;
  const x = frame.left + (shownAt - view.from) / perPx;

  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    gestures.handlers.onPointerMove(event);
    const box = event.currentTarget.getBoundingClientRect();
    setCursor({ at: gestures.timeAt(event.clientX), y: event.clientY - box.top });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    let used = false;
    if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      const step = Math.max(bucketMs, perPx) * (event.key === 'ArrowLeft' ? -1 : 1);
      const at = Math.min(view.to, Math.max(view.from, (cursor ? shownAt : view.to) + step));
      setCursor({ at, y: frame.top });
      used = true;
    } else if (event.key === 'Escape' && cursor) {
      setCursor(null);
      used = true;
    } else used = gestures.onKey(event.key);
    if (!used) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const top = Math.min(Math.max(0, (cursor?.y ?? 0) + 12), Math.max(0, size.height - 120));
  const beside = x > size.width / 2 ? { right: size.width - x + 12, top } : { left: x + 12, top };
  return (
    <div
      ref={surface}
      role="application"
      aria-label={props.label}
      aria-description={t('keys')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is moved and read by keys
      tabIndex={0}
      dir="ltr"
      className={cn('relative size-full touch-none select-none', props.onStretch && 'cursor-crosshair', props.className)}
      {...gestures.handlers}
      onPointerMove={onPointerMove}
      onPointerLeave={() => setCursor(null)}
      onBlur={() => setCursor(null)}
      onDoubleClick={props.onBack}
      onKeyDown={onKeyDown}
    >
      <div ref={holder} className="absolute inset-0" />
      {!mini && axisUnit(unit) !== '' && (
        <span className={cn('absolute top-0 text-faint text-xs', rtl ? 'right-0 pr-3' : 'left-0 pl-3')}>{axisUnit(unit)}</span>
      )}
      {gestures.selection && (
        <div
          className="pointer-events-none absolute border-accent border-x bg-accent/15 text-center text-muted text-xs"
          style={{ left: gestures.selection.left, width: gestures.selection.width, top: frame.top, bottom: frame.bottom }}
        >
          {t('selection', { length: formatDuration(gestures.selection.lengthMs, preferences.language) })}
        </div>
      )}
      {cursor && !gestures.selection && x >= frame.left && x <= size.width - frame.right && (
        <>
          <div className="pointer-events-none absolute w-px bg-border-strong" style={{ left: x, top: frame.top, bottom: frame.bottom }} />
          <div dir={rtl ? 'rtl' : 'ltr'}>
            <Readout at={cursor.at} rows={rows} unit={unit} style={beside} />
          </div>
        </>
      )}
    </div>
  );
}

/** Leaves out what is undefined, so that optional properties stay absent. */
function optional<T extends object>(all: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
