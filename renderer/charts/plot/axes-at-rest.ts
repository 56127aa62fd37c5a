import type { EChartsCoreOption } from 'echarts/core';
import { type Drawn, type Scene, sameAxis, ticksOf } from '#renderer/charts/engine/index.ts';
import { whenIdle } from '#renderer/ui/idle.ts';
import { type EChartsType, init } from './echarts.ts';

/** A chart is at rest when its axes haven't changed for this long, ms. */
const restMs = 300;

/** True if both have the same axes. A chart reuses its frame and style objects until something in them changes. */
const hasSameAxes = (a: Scene, b: Scene): boolean =>
  a.from === b.from &&
  a.to === b.to &&
  a.width === b.width &&
  a.height === b.height &&
  a.frame === b.frame &&
  a.look === b.look &&
  sameAxis(a.axis, b.axis);

/**
 * Draws the axes of a chart at rest with ECharts. They take milliseconds per picture, so while anything moves the plot draws lighter axes
 * at the same places.
 */
export class AxesAtRest {
  readonly #holder: HTMLElement;
  readonly #onSettled: () => void;
  readonly #ratio: number;
  #chart: EChartsType | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #takeBack = () => {};
  #settled: Scene | null = null;
  #awaited: Scene | null = null;

  constructor(holder: HTMLElement, ratio: number, onSettled: () => void) {
    this.#holder = holder;
    this.#ratio = ratio;
    this.#onSettled = onSettled;
  }

  /** Returns true if these axes already match what was drawn. */
  follow({ scene }: Drawn): boolean {
    if (scene.rows) {
      this.#holder.style.visibility = 'hidden';
      return false;
    }
    if (this.#settled && hasSameAxes(scene, this.#settled)) return true;
    this.#holder.style.visibility = 'hidden';
    this.#settled = null;
    if (!this.#awaited || !hasSameAxes(scene, this.#awaited)) {
      this.#stopWaiting();
      this.#awaited = scene;
      this.#timer = setTimeout(() => {
        this.#takeBack = whenIdle(() => this.#settle(scene));
      }, restMs);
    }
    return false;
  }

  dispose(): void {
    this.#stopWaiting();
    this.#chart?.dispose();
    this.#chart = null;
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#takeBack();
  }

  #settle(scene: Scene): void {
    const { width, height } = scene;
    this.#chart ??= init(this.#holder, null, { renderer: 'canvas', devicePixelRatio: this.#ratio, width, height });
    this.#chart.resize({ width, height, silent: true });
    this.#chart.setOption(axesOption(scene), { notMerge: true, lazyUpdate: false });
    this.#settled = scene;
    this.#holder.style.visibility = 'visible';
    this.#onSettled();
  }
}

/** Returns the grid and axes of a scene. */
function axesOption(scene: Scene): EChartsCoreOption {
  const { look, axis, frame } = scene;
  const { times, values, labels } = ticksOf(scene);
  const isLog = axis.scale === 'log';
  // ECharts rounds very small numbers, so they are counted in steps instead.
  const unit = !isLog && axis.step < 1e-6 ? axis.step : 1;
  const places = values.map((value) => value / unit);
  const label = { color: look.faint, fontFamily: look.font, fontSize: look.rem * 0.6875 };
  return {
    animation: false,
    grid: { ...frame, containLabel: false },
    xAxis: {
      type: 'value',
      min: scene.from,
      max: scene.to,
      axisLine: { show: true, lineStyle: { color: look.border } },
      axisTick: { show: true, customValues: times.at, lineStyle: { color: look.border } },
      axisLabel: { ...label, customValues: times.at, formatter: (at: number) => look.timeLabel(at, times.step) },
      splitLine: { show: false },
    },
    yAxis: {
      type: isLog ? 'log' : 'value',
      position: look.rtl ? 'right' : 'left',
      min: axis.min / unit,
      max: axis.max / unit,
      ...(isLog ? {} : { interval: axis.step / unit }),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        ...label,
        margin: look.rem * 0.5,
        customValues: places,
        formatter: (value: number) => labels.texts[places.indexOf(value)] ?? '',
      },
      splitLine: { lineStyle: { color: look.border, opacity: 0.7 } },
    },
    series: [],
  };
}
