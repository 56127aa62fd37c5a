import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { formatDuration } from '#common/format.ts';
import { marginFor, Plot, ticksOf } from '#renderer/charts/engine/index.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { AxesAtRest } from './axes-at-rest.ts';
import { axisUnit } from './axis.ts';
import { register } from './export.ts';
import { PlotFeed } from './feed-plot.ts';
import { useGestures } from './gestures.ts';
import { useChartGroup } from './group.tsx';
import { frameOf, plotState } from './plot-state.ts';
import { Readout, type ReadoutRow, rowsOf } from './readout.tsx';
import { usePixelRatio, useSurface } from './surface.ts';
import { useChartTheme } from './theme.ts';
import type { SeriesChartProps } from './types.ts';
import { words } from './words.ts';

export { warmCharts } from '#renderer/charts/engine/index.ts';

/** Screen pixels around the pointer in which a point is read. */
const reachPx = 24;

/** The chart itself; `SeriesChart` loads it when it is first needed. */
export default function ChartCanvas(props: SeriesChartProps) {
  const t = useText(words);
  const preferences = usePreferences();
  const theme = useChartTheme();
  const ratio = usePixelRatio();
  const onPaper = useSurface() !== null;
  const group = useChartGroup();
  const surface = useRef<HTMLDivElement>(null);
  const axes = useRef<HTMLDivElement>(null);
  const inside = useRef<HTMLDivElement>(null);
  const follower = useRef<HTMLDivElement>(null);
  const [me] = useState(() => Symbol('chart'));
  const [held, setHeld] = useState<{ plot: Plot; feed: PlotFeed } | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [cursor, setCursor] = useState<{ at: number; y: number } | null>(null);
  const [rows, setRows] = useState<readonly ReadoutRow[]>([]);
  const [failure, setFailure] = useState<Error | null>(null);
  const rtl = preferences.language === 'ar';
  const mini = props.mini ?? false;
  const [axisPx, setAxisPx] = useState(0);
  const [note, setNote] = useState('');
  const [offLog, setOffLog] = useState(false);
  const frame = useMemo(() => frameOf(theme, mini, rtl, axisPx), [theme, mini, rtl, axisPx]);
  const gestures = useGestures({
    surface,
    stretch: props.stretch,
    frame,
    onStretch: props.onStretch,
    onBack: props.onBack,
    wheel: props.wheel ?? true,
  });
  const { view } = gestures;
  const { series, type, scale, stacked, unit, min, max, thresholds, spans, marks, missing, damaged, emphasis, bucketMs } = props;

  const state = useMemo(
    () =>
      plotState(
        {
          ...noGestures,
          series,
          type,
          scale,
          stacked,
          unit,
          min,
          max,
          thresholds,
          spans,
          marks,
          missing,
          damaged,
          emphasis,
          bucketMs,
          mini,
        },
        theme,
        preferences,
        rtl,
        axisPx,
      ),
    [
      series,
      type,
      scale,
      stacked,
      unit,
      min,
      max,
      thresholds,
      spans,
      marks,
      missing,
      damaged,
      emphasis,
      bucketMs,
      mini,
      theme,
      preferences,
      rtl,
      axisPx,
    ],
  );
  const latest = useRef({ state, stretch: props.stretch });
  useLayoutEffect(() => {
    latest.current = { state, stretch: props.stretch };
  });

  useLayoutEffect(() => {
    const [element, beneath, outer] = [inside.current, axes.current, surface.current];
    if (!element || !beneath || !outer) return;
    // Paper is drawn once and never moves: the plot's own axes are there at once.
    const atRest = onPaper ? null : new AxesAtRest(beneath, ratio, () => plot.again());
    const plot = new Plot(element, {
      state: latest.current.state,
      ratio,
      always: onPaper,
      onDrawn: (drawn) => {
        const { labels } = ticksOf(drawn.scene);
        setAxisPx((before) => nextMargin(before, marginFor(labels.width, drawn.scene.look.rem)));
        setNote(labels.note);
        setOffLog(drawn.answer.offLog);
        return atRest?.follow(drawn);
      },
      onLost: () => feed.again(),
      onFailure: setFailure,
    });
    const feed = new PlotFeed(plot);
    const forget = register(outer, plot);
    setHeld({ plot, feed });
    setFailure(null);
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width > 0 && height > 0) setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      forget();
      plot.dispose();
      atRest?.dispose();
      setHeld(null);
    };
  }, [ratio, onPaper]);

  useLayoutEffect(() => held?.plot.set(state), [held, state]);
  useLayoutEffect(() => held?.feed.give(series, bucketMs), [held, series, bucketMs]);
  useLayoutEffect(() => held?.plot.show(view.from, view.to), [held, view.from, view.to]);

  // What the hand on another chart of the screen does, this one does too.
  useEffect(() => {
    if (!group || !held) return;
    const stopView = group.view.listen((stretch, who) => {
      const { from, to } = stretch ?? latest.current.stretch;
      if (who !== me) held.plot.show(from, to);
    });
    const stopCursor = group.cursor.listen((at, who) => {
      const line = follower.current;
      if (!line) return;
      const { from, to } = held.plot.view;
      const isShown = at !== null && who !== me && at >= from && at <= to;
      line.style.visibility = isShown ? 'visible' : 'hidden';
      if (!isShown) return;
      const { left, right } = latest.current.state.frame;
      line.style.left = `${left + ((at - from) / (to - from)) * Math.max(1, held.plot.size.width - left - right)}px`;
    });
    return () => {
      stopView();
      stopCursor();
    };
  }, [group, held, me]);
  const isMoving = view !== props.stretch;
  useEffect(() => {
    if (isMoving) group?.view.tell(view, me);
    else group?.view.tell(null, me);
  }, [group, me, view, isMoving]);
  const cursorAt = cursor?.at ?? null;
  useEffect(() => group?.cursor.tell(cursorAt, me), [group, me, cursorAt]);

  const plotWidth = Math.max(1, size.width - frame.left - frame.right);
  const perPx = (view.to - view.from) / plotWidth;
  useEffect(() => {
    if (!held || cursorAt === null) return;
    let isOver = false;
    void held.plot.read(cursorAt, Math.max(reachPx * perPx, bucketMs)).then((read) => {
      if (!isOver) setRows(rowsOf(series, read));
    });
    return () => {
      isOver = true;
    };
  }, [held, cursorAt, perPx, bucketMs, series]);
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
      <div ref={axes} className="absolute inset-0" />
      <div ref={inside} className="absolute inset-0" />
      {(note !== '' || (!mini && axisUnit(unit) !== '')) && (
        <span className={cn('absolute top-0 text-faint text-xs', rtl ? 'right-0 pr-3' : 'left-0 pl-3')}>
          {note} {mini ? '' : axisUnit(unit)}
        </span>
      )}
      <div
        ref={follower}
        aria-hidden="true"
        className="pointer-events-none invisible absolute w-px bg-border-strong"
        style={{ top: frame.top, bottom: frame.bottom }}
      />
      {gestures.selection && (
        <div
          className="pointer-events-none absolute border-accent border-x bg-accent/15 text-center text-muted text-xs"
          style={{ left: gestures.selection.left, width: gestures.selection.width, top: frame.top, bottom: frame.bottom }}
        >
          {t('selection', { length: formatDuration(gestures.selection.lengthMs, preferences.language) })}
        </div>
      )}
      {offLog && !failure && (
        <p
          role="status"
          dir={rtl ? 'rtl' : 'ltr'}
          className="pointer-events-none absolute grid place-content-center text-center text-muted"
          style={{ left: frame.left, right: frame.right, top: frame.top, bottom: frame.bottom }}
        >
          {t('offLog')}
        </p>
      )}
      {failure && (
        <div dir={rtl ? 'rtl' : 'ltr'} className="absolute inset-0 overflow-auto bg-surface">
          <ErrorState title={t('drawFailed')} error={failure} retry={() => held?.plot.retry()} />
        </div>
      )}
      {cursor && !failure && !gestures.selection && x >= frame.left && x <= size.width - frame.right && (
        <>
          <div className="pointer-events-none absolute w-px bg-border-strong" style={{ left: x, top: frame.top, bottom: frame.bottom }} />
          <div dir={rtl ? 'rtl' : 'ltr'}>
            <Readout
              at={cursor.at}
              rows={rows}
              unit={unit}
              decimals={props.decimals}
              log={scale === 'log'}
              total={state.stack !== 'none'}
              isDamaged={damaged?.some(({ from, to }) => cursor.at >= from - perPx && cursor.at < to + perPx) ?? false}
              style={beside}
            />
          </div>
        </>
      )}
    </div>
  );
}

/** A margin grows at once and shrinks only by much, so that it does not tremble with live values. */
const nextMargin = (before: number, needed: number): number => (needed > before || needed < before * 0.75 ? needed : before);

const noGestures = { label: '', stretch: { from: 0, to: 1 } };
