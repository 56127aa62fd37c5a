import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { type Drawn, marginFor, Plot, type PlotState, ticksOf } from '#renderer/charts/engine/index.ts';
import { AxesAtRest } from './axes-at-rest.ts';
import { register } from './export.ts';
import { PlotFeed } from './feed-plot.ts';
import { usePixelRatio, useSurface } from './surface.ts';
import type { SeriesChartProps } from './types.ts';
import { usePlotState } from './use-plot-state.ts';

/** Elements a plot is drawn in. */
interface PlotPlaces {
  /** The whole chart. */
  surface: RefObject<HTMLElement | null>;
  axes: RefObject<HTMLDivElement | null>;
  inside: RefObject<HTMLDivElement | null>;
}

/** A chart's plot in the engine while it is mounted, and the state of its last picture. */
export interface ChartPlot {
  /** Null until the chart is mounted. */
  plot: Plot | null;
  state: PlotState;
  /** Size in CSS pixels. */
  size: { width: number; height: number };
  /** The value that all labels of the value axis are relative to; empty if they are written in full. */
  note: string;
  /** The logarithmic axis can show none of the visible values. */
  isOffLog: boolean;
  failure: Error | null;
}

/** Mounts a plot and passes it the state and points of a chart as they change. The caller sets the visible interval. */
export function usePlot({ surface, axes, inside }: PlotPlaces, props: SeriesChartProps): ChartPlot {
  const ratio = usePixelRatio();
  const onPaper = useSurface() !== null;
  const [held, setHeld] = useState<{ plot: Plot; feed: PlotFeed } | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [axisPx, setAxisPx] = useState(0);
  const [note, setNote] = useState('');
  const [isOffLog, setOffLog] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  const state = usePlotState(props, axisPx);
  const latest = useRef(state);
  useLayoutEffect(() => {
    latest.current = state;
  });

  useLayoutEffect(() => {
    const [element, beneath, outer] = [inside.current, axes.current, surface.current];
    if (!element || !beneath || !outer) return;
    // Paper is drawn once and never moves, so the plot's own axes are enough.
    const atRest = onPaper ? null : new AxesAtRest(beneath, ratio, () => plot.again());
    const onDrawn = (drawn: Drawn) => {
      const { labels } = ticksOf(drawn.scene);
      setAxisPx((before) => nextMargin(before, marginFor(labels.width, drawn.scene.look.rem)));
      setNote(labels.note);
      setOffLog(drawn.answer.offLog);
      return atRest?.follow(drawn);
    };
    const onLost = () => feed.again();
    const plot = new Plot(element, { state: latest.current, ratio, always: onPaper, onDrawn, onLost, onFailure: setFailure });
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
  }, [surface, axes, inside, ratio, onPaper]);

  const { series, bucketMs } = props;
  useLayoutEffect(() => held?.plot.set(state), [held, state]);
  useLayoutEffect(() => held?.feed.give(series, bucketMs), [held, series, bucketMs]);
  return { plot: held?.plot ?? null, state, size, note, isOffLog, failure };
}

/** Returns the next margin: it grows at once but shrinks only if there is much to gain, so that it doesn't jitter with live values. */
const nextMargin = (before: number, needed: number): number => (needed > before || needed < before * 0.75 ? needed : before);
