import type { ColumnInput } from './column.ts';
import { type Annotations, drawAnnotations, drawAxes, type Frame, type Look, type Scene } from './furniture.ts';
import { createLayer, type Layer, type Means } from './layer.ts';
import { askForTurn, forgoTurn } from './loop.ts';
import { type LineStyle, type Picture, paint } from './paint.ts';
import type { Pen } from './pen.ts';
import { openPoints, type Points } from './pool.ts';
import type { FrameAnswer, FrameAsk, PlotKind, ReadAnswer, Stack } from './protocol.ts';
import { gpuState } from './webgl.ts';

/** One line of a plot; widths in CSS pixels. */
export interface PlotLine {
  id: string;
  /** Stands beside its row in a heat map. */
  name: string;
  color: string;
  opacity?: number;
  width?: number;
  dashed?: boolean;
  /** Opacity of the area under it; absent follows the kind of the plot. */
  fill?: number;
  /** False for an edge that only bounds an area. */
  line?: boolean;
}

/** Everything a plot shows but its points and its stretch of time. */
export interface PlotState {
  lines: readonly PlotLine[];
  kind: PlotKind;
  stack: Stack;
  scale: 'linear' | 'log';
  min: number | undefined;
  max: number | undefined;
  annotations: Annotations;
  frame: Frame;
  look: Look;
  mini: boolean;
}

/** What was drawn. */
export interface Drawn {
  answer: FrameAnswer;
  scene: Scene;
  means: Layer['means'];
  /** Time this thread took for the picture, ms. */
  mainMs: number;
}

export interface PlotOptions {
  state: PlotState;
  means?: Means;
  /** Every pixel of the line or not: no half-covered ones. */
  crisp?: boolean;
  /** Draws every point rather than the extremes of each pixel column: only to compare pictures. */
  everyPoint?: boolean;
  /** Device pixels a CSS pixel takes; the window's by default. */
  ratio?: number;
  /** Draws even where nobody can see it: for paper. */
  always?: boolean;
  /** Told after every picture. True leaves the axes to the listener, which shows its own. */
  onDrawn?: (drawn: Drawn) => boolean | undefined;
}

const areaFill = 0.12;
const stackFill = 0.45;
const bandFill = 0.2;

/**
 * A time plot on a canvas. Its points are with a worker; this thread sends what is in sight and draws what comes back. A question is
 * under way at a time, so a slow answer never piles up; until it is here, the last picture is laid where it belongs.
 */
export class Plot {
  readonly #holder: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #layer: Layer;
  readonly #pen: CanvasRenderingContext2D;
  readonly #points: Points;
  readonly #plot: number;
  readonly #options: PlotOptions;
  readonly #stopWatching: () => void;
  readonly #snapshots = new Map<number, (answer: FrameAnswer) => void>();
  #state: PlotState;
  #styles = new Map<string, LineStyle>();
  #view = { from: 0, to: 1 };
  #width = 0;
  #height = 0;
  #ratio: number;
  #seq = 0;
  /** Answers to questions before this one are about something else. */
  #epoch = 0;
  #asked: number | null = null;
  #isDirty = false;
  #isVisible = true;
  #isClosed = false;
  #held: FrameAnswer | null = null;
  #waiters: { seq: number; exact: boolean; done: (drawn: Drawn) => void }[] = [];

  constructor(holder: HTMLElement, options: PlotOptions) {
    this.#holder = holder;
    this.#options = options;
    this.#state = options.state;
    this.#ratio = options.ratio ?? devicePixelRatio;
    // One canvas for everything: each is copied in whole for every frame, which costs more than drawing on it.
    this.#canvas = canvasIn(holder);
    // A canvas in memory where there is no GPU: nothing is sent to an emulated one and back.
    const pen = this.#canvas.getContext('2d', { willReadFrequently: gpuState() !== 'hardware' });
    if (!pen) throw new Error('This browser has no 2D canvas.');
    this.#pen = pen;
    this.#layer = createLayer(options.means ?? 'auto', () => this.#repaint());
    const { plot, points } = openPoints((answer) => this.#receive(answer));
    this.#plot = plot;
    this.#points = points;
    this.#restyle();
    this.#stopWatching = this.#watch();
    this.#measure();
  }

  /** What is on screen, and how; the points stay. */
  set(state: PlotState): void {
    const before = this.#state;
    this.#state = state;
    this.#restyle();
    const asks = (one: PlotState) =>
      JSON.stringify([
        one.lines.map(({ id }) => id),
        one.kind,
        one.stack,
        one.scale,
        one.min,
        one.max,
        one.frame,
        one.annotations.thresholds,
      ]);
    if (asks(before) === asks(state)) this.#repaint();
    else {
      this.#epoch = this.#seq + 1;
      this.#change();
    }
  }

  /** Gives a line its points, which are handed over. */
  put(id: string, column: ColumnInput): void {
    this.#points.put(id, column);
    this.#change();
  }

  /** Adds points to a line; the past is not read again. */
  append(id: string, t: Float64Array<ArrayBuffer>, v: Float64Array<ArrayBuffer>): void {
    this.#points.append(id, t, v);
    this.#change();
  }

  drop(id: string): void {
    this.#points.drop(id);
    this.#change();
  }

  /** The stretch of time in sight, ms. */
  show(from: number, to: number): void {
    if (this.#view.from === from && this.#view.to === to) return;
    this.#view = { from, to };
    this.#change();
  }

  /** The same, once its exact picture is drawn. */
  shown(from: number, to: number): Promise<Drawn> {
    this.#view = { from, to };
    this.#isDirty = true;
    const drawn = new Promise<Drawn>((done) => this.#waiters.push({ seq: this.#seq + 1, exact: true, done }));
    // Whoever waits has nothing to gather with: the question leaves now rather than with the next frame.
    this.turn();
    return drawn;
  }

  /** The next picture on screen, be it a coarse one. */
  next(): Promise<Drawn> {
    return new Promise((done) => this.#waiters.push({ seq: 0, exact: false, done }));
  }

  /** The true points nearest to a time, within so many ms: of all lines, or of some. */
  read(at: number, within: number, ids = this.#state.lines.map((line) => line.id)): Promise<ReadAnswer[]> {
    return this.#points.read(ids, at, within);
  }

  /**
   * Draws the plot once more, elsewhere and as large as asked.
   * @param scale device pixels a CSS pixel takes there
   */
  async drawOn(pen: Pen & { scale?: (x: number, y: number) => void }, scale: number): Promise<Scene> {
    const seq = -1 - this.#snapshots.size - this.#seq;
    const answer = await new Promise<FrameAnswer>((done) => {
      this.#snapshots.set(seq, done);
      this.#points.ask({ ...this.#question(scale), seq });
    });
    const scene = this.#sceneOf(answer);
    pen.save();
    pen.scale?.(scale, scale);
    drawAxes(pen, scene);
    drawAnnotations(pen, scene);
    pen.restore();
    pen.save();
    const { frame } = this.#state;
    pen.translate(Math.round(frame.left * scale), Math.round(frame.top * scale));
    pen.beginPath();
    pen.rect(0, 0, answer.columns, answer.rows);
    pen.clip();
    paint(pen, { ...this.#pictureOf(answer), styleOf: (id) => this.#styleFor(id, scale) });
    pen.restore();
    return scene;
  }

  /** Draws what is held once more: something beside it changed. */
  again(): void {
    this.#repaint();
  }

  get state(): PlotState {
    return this.#state;
  }

  /** The stretch in sight, ms. */
  get view(): { from: number; to: number } {
    return this.#view;
  }

  get size(): { width: number; height: number } {
    return { width: this.#width, height: this.#height };
  }

  dispose(): void {
    this.#isClosed = true;
    forgoTurn(this);
    this.#stopWatching();
    this.#points.close();
    this.#layer.dispose();
    this.#canvas.remove();
  }

  /** The turn this plot asked for: a question, or while one is under way the last picture laid where it belongs. */
  turn(): void {
    if (this.#isClosed || !this.#isDirty || !this.#isVisible || this.#width === 0) return;
    if (this.#asked !== null) {
      this.#repaint();
      return;
    }
    this.#isDirty = false;
    this.#seq += 1;
    this.#asked = this.#seq;
    this.#points.ask(this.#question(this.#ratio));
  }

  #change(): void {
    this.#isDirty = true;
    if (this.#isVisible) askForTurn(this);
  }

  #question(ratio: number): FrameAsk {
    const { look, lines, kind, stack, scale, min, max, annotations } = this.#state;
    const { columns, rows } = this.#inside(ratio);
    return {
      plot: this.#plot,
      seq: this.#seq,
      from: this.#view.from,
      to: this.#view.to,
      columns,
      rows,
      ratio,
      kind,
      stack,
      scale,
      crisp: this.#options.crisp ?? false,
      everyPoint: this.#options.everyPoint ?? false,
      ids: lines.map(({ id }) => id),
      axis: {
        min,
        max,
        include: annotations.thresholds.map(({ value }) => value),
        steps: Math.max(3, Math.min(8, Math.floor(rows / ratio / (look.rem * 2.5)))),
      },
    };
  }

  #receive(answer: FrameAnswer): void {
    const snapshot = this.#snapshots.get(answer.seq);
    if (snapshot) {
      if (!answer.exact) return;
      this.#snapshots.delete(answer.seq);
      snapshot(answer);
      return;
    }
    if (answer.exact && answer.seq === this.#asked) this.#asked = null;
    if (this.#isClosed) return;
    // Of another kind or other lines than asked for since, or older than what is on screen.
    const isStale = answer.seq < this.#epoch || (this.#held !== null && answer.seq < this.#held.seq);
    if (!isStale) this.#draw(answer);
    if (this.#isDirty) askForTurn(this);
  }

  #draw(answer: FrameAnswer): void {
    this.#held = answer;
    const drawn = this.#paint(answer, answer);
    const isReady = (one: { seq: number; exact: boolean }) => one.seq <= answer.seq && (answer.exact || !one.exact);
    const ready = this.#waiters.filter(isReady);
    this.#waiters = this.#waiters.filter((one) => !isReady(one));
    for (const { done } of ready) done(drawn);
  }

  /**
   * Axes and annotations of a stretch, and over them a picture. One of another stretch or size is moved and stretched to where it belongs, for
   * the frame or two until the exact one is here.
   */
  #paint(held: FrameAnswer, { from, to }: { from: number; to: number }): Drawn {
    const started = performance.now();
    const ratio = this.#ratio;
    const pen = this.#pen;
    const answer = { ...held, from, to };
    const scene = this.#sceneOf(answer);
    const lay = this.#layer.make(this.#pictureOf(held));
    const drawn: Drawn = { answer, scene, means: this.#layer.means, mainMs: 0 };
    const hasAxes = this.#options.onDrawn?.(drawn) ?? false;
    const [width, height] = [Math.round(this.#width * ratio), Math.round(this.#height * ratio)];
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, this.#width, this.#height);
    if (!hasAxes) drawAxes(pen, scene);
    drawAnnotations(pen, scene);
    const { frame } = this.#state;
    const { columns, rows } = this.#inside(ratio);
    pen.save();
    // On whole device pixels, or every column would be smeared over two.
    pen.setTransform(1, 0, 0, 1, Math.round(frame.left * ratio), Math.round(frame.top * ratio));
    pen.beginPath();
    pen.rect(0, 0, columns, rows);
    pen.clip();
    const perMs = columns / (to - from);
    pen.transform(((held.to - held.from) * perMs) / held.columns, 0, 0, rows / held.rows, (held.from - from) * perMs, 0);
    lay(pen);
    pen.restore();
    drawn.mainMs = performance.now() - started;
    return drawn;
  }

  #repaint(): void {
    if (!this.#isClosed && this.#held) this.#paint(this.#held, this.#view);
  }

  #pictureOf(answer: FrameAnswer): Picture {
    return {
      answer,
      kind: this.#state.kind,
      styleOf: (id) => this.#styles.get(id) ?? hidden,
      crisp: this.#options.crisp ?? false,
      heat: this.#state.look.heat,
    };
  }

  #sceneOf(answer: FrameAnswer): Scene {
    const { frame, look, annotations, mini, kind, lines } = this.#state;
    return {
      from: answer.from,
      to: answer.to,
      axis: answer.axis,
      width: this.#width,
      height: this.#height,
      frame,
      look,
      annotations,
      rows: kind === 'heatmap' && lines.length > 1 ? lines.map(({ name }) => name) : null,
      mini,
    };
  }

  #restyle(): void {
    this.#styles = new Map(this.#state.lines.map(({ id }) => [id, this.#styleFor(id, this.#ratio)]));
  }

  #styleFor(id: string, ratio: number): LineStyle {
    const { lines, kind, stack } = this.#state;
    const at = lines.findIndex((one) => one.id === id);
    const line = lines[at];
    if (!line) return hidden;
    const byKind = kind === 'area' ? (stack === 'none' ? areaFill : stackFill) : kind === 'band' && at % 3 === 2 ? bandFill : 0;
    const isEdge = kind === 'band' && at % 3 !== 1;
    return {
      color: line.color,
      opacity: line.opacity ?? 1,
      width: (line.width ?? 1.6) * ratio,
      dash: line.dashed ? [6 * ratio, 4 * ratio] : [],
      fill: line.fill ?? byKind,
      line: line.line ?? !isEdge,
    };
  }

  /** Size of the plot's inside, device pixels. */
  #inside(ratio: number): { columns: number; rows: number } {
    const { frame } = this.#state;
    return {
      columns: Math.max(1, Math.round((this.#width - frame.left - frame.right) * ratio)),
      rows: Math.max(1, Math.round((this.#height - frame.top - frame.bottom) * ratio)),
    };
  }

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.#holder;
    if (width === 0 || height === 0 || (width === this.#width && height === this.#height)) return;
    this.#width = width;
    this.#height = height;
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    this.#change();
  }

  /** Works only while it can be seen. */
  #watch(): () => void {
    let isInSight = true;
    const update = () => {
      if (this.#options.always) return;
      this.#isVisible = isInSight && !document.hidden;
      if (this.#isVisible && this.#isDirty) askForTurn(this);
    };
    const sight = new IntersectionObserver((entries) => {
      isInSight = entries.at(-1)?.isIntersecting ?? true;
      update();
    });
    sight.observe(this.#holder);
    const size = new ResizeObserver(() => this.#measure());
    size.observe(this.#holder);
    document.addEventListener('visibilitychange', update);
    return () => {
      sight.disconnect();
      size.disconnect();
      document.removeEventListener('visibilitychange', update);
    };
  }
}

const hidden: LineStyle = { color: 'transparent', opacity: 0, width: 1, dash: [], fill: 0, line: false };

function canvasIn(holder: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.style.position = 'absolute';
  canvas.style.left = '0';
  canvas.style.top = '0';
  canvas.setAttribute('aria-hidden', 'true');
  holder.append(canvas);
  return canvas;
}
