import type { ColumnInput } from './column.ts';
import { drawAnnotations, drawAxes, drawAxisBreak, hasAnnotations, type Scene } from './furniture.ts';
import { createLayer, type Layer, type Means } from './layer.ts';
import { askForTurn, forgoTurn } from './loop.ts';
import { type LineStyle, type Picture, paint } from './paint.ts';
import type { Pen } from './pen.ts';
import { openPoints, type PlotColumns } from './pool.ts';
import type { FrameAnswer, FrameAsk, ReadAnswer } from './protocol.ts';
import { PlotCanvas } from './sheet.ts';
import { hasSameShapes, hidden, insideOf, type PlotState, questionOf, sceneOf, stylesOf } from './state.ts';
import { Snapshots, Waiters } from './waiting.ts';

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
  /** Draws even if it is not visible: for exports. */
  always?: boolean;
  /** Told after every picture. True leaves the axes to the listener, which shows its own. */
  onDrawn?: (drawn: Drawn) => boolean | undefined;
  /** The worker that held the points is gone: to put them all again. Without it their loss is a failure. */
  onLost?: () => void;
  /** Why there can be no picture; null once there can. */
  onFailure?: (error: Error | null) => void;
}

/** How long to wait for a new image, ms, before the last one is moved and scaled instead, which costs as much as drawing. */
const patienceMs = 40;

/**
 * A time plot on a canvas. Its points are with a worker; this thread sends the visible range and draws the answer. A question is
 * under way at a time, so a slow answer never piles up; when it takes long, the last picture is laid where it belongs.
 */
export class Plot {
  readonly #sheet: PlotCanvas;
  readonly #layer: Layer;
  readonly #points: PlotColumns;
  readonly #plot: number;
  readonly #options: PlotOptions;
  readonly #snapshots = new Snapshots();
  readonly #waiters = new Waiters<Drawn>();
  #state: PlotState;
  #styles: ReadonlyMap<string, LineStyle>;
  #view = { from: 0, to: 1 };
  #seq = 0;
  /** Answers to questions before this one are about something else. */
  #epoch = 0;
  #asked: { seq: number; at: number } | null = null;
  #isDirty = false;
  #isClosed = false;
  #failure: Error | null = null;
  #held: FrameAnswer | null = null;

  constructor(holder: HTMLElement, options: PlotOptions) {
    this.#options = options;
    this.#state = options.state;
    this.#sheet = new PlotCanvas(holder, options.ratio ?? devicePixelRatio, options.always ?? false, () => this.#change());
    this.#layer = createLayer(options.means ?? 'auto', () => this.#repaint());
    const { plot, points } = openPoints({
      answered: (answer) => this.#receive(answer),
      lost: () => this.#lose(),
      failed: (error) => this.#fail(error),
    });
    this.#plot = plot;
    this.#points = points;
    this.#styles = stylesOf(this.#state, this.#sheet.ratio);
    this.#change();
  }

  /** What is on screen, and how; the points stay. */
  set(state: PlotState): void {
    const before = this.#state;
    this.#state = state;
    this.#styles = stylesOf(state, this.#sheet.ratio);
    if (hasSameShapes(before, state)) this.#repaint();
    else {
      this.#epoch = this.#seq + 1;
      this.#change();
    }
  }

  /** Gives a line its points, which are handed over. */
  put(id: string, column: ColumnInput): void {
    if (this.#failure) return;
    this.#points.put(id, column);
    this.#change();
  }

  /**
   * Adds points to a line; the past is not read again.
   * @param from time before which its points may be forgotten, ms
   */
  append(id: string, t: Float64Array<ArrayBuffer>, v: Float64Array<ArrayBuffer>, from = -Infinity): void {
    if (this.#failure) return;
    this.#points.append(id, t, v, from);
    this.#change();
  }

  drop(id: string): void {
    if (this.#failure) return;
    this.#points.drop(id);
    this.#change();
  }

  /** The visible range, ms. */
  show(from: number, to: number): void {
    if (this.#view.from === from && this.#view.to === to) return;
    this.#view = { from, to };
    this.#change();
  }

  /**
   * The same, once its exact picture is drawn.
   * @throws Error why there can be none
   */
  shown(from: number, to: number): Promise<Drawn> {
    this.#view = { from, to };
    this.#isDirty = true;
    const drawn = this.#wait(this.#seq + 1, true);
    // Whoever waits has nothing to gather with: the question leaves now rather than with the next frame.
    this.turn();
    return drawn;
  }

  /**
   * The next picture on screen, be it a coarse one.
   * @throws Error why there can be none
   */
  next(): Promise<Drawn> {
    return this.#wait(0, false);
  }

  /** Returns the stored points nearest to a time and within `within` ms of it, of all lines or of some. */
  read(at: number, within: number, ids = this.#state.lines.map((line) => line.id)): Promise<ReadAnswer[]> {
    return this.#failure ? Promise.resolve([]) : this.#points.read(ids, at, within);
  }

  /** Begins anew after a failure. */
  retry(): void {
    this.#failure = null;
    this.#points.clear();
    this.#options.onFailure?.(null);
    this.#lose();
  }

  /**
   * Draws the plot once more, elsewhere and as large as asked.
   * @param scale device pixels a CSS pixel takes there
   * @throws Error why there can be no picture
   */
  async drawOn(pen: Pen & { scale?: (x: number, y: number) => void }, scale: number): Promise<Scene> {
    if (this.#failure) throw this.#failure;
    const answer = await this.#snapshots.ask(this.#question(scale), (ask) => this.#points.ask(ask));
    const scene = sceneOf(this.#state, this.size, answer);
    pen.save();
    pen.scale?.(scale, scale);
    drawAxes(pen, scene);
    drawAxisBreak(pen, scene);
    drawAnnotations(pen, scene);
    pen.restore();
    pen.save();
    const { frame } = this.#state;
    pen.translate(Math.round(frame.left * scale), Math.round(frame.top * scale));
    pen.beginPath();
    pen.rect(0, 0, answer.columns, answer.rows);
    pen.clip();
    const styles = stylesOf(this.#state, scale);
    paint(pen, { ...this.#pictureOf(answer), styleOf: (id) => styles.get(id) ?? hidden });
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

  /** The visible range, ms. */
  get view(): { from: number; to: number } {
    return this.#view;
  }

  get size(): { width: number; height: number } {
    return this.#sheet.size;
  }

  dispose(): void {
    this.#isClosed = true;
    const closed = new Error('The chart was closed.');
    this.#waiters.fail(closed);
    this.#snapshots.fail(closed);
    forgoTurn(this);
    this.#points.close();
    this.#layer.dispose();
    this.#sheet.dispose();
  }

  /** The turn this plot asked for: a question, or while one is long under way the last picture laid where it belongs. */
  turn(): void {
    if (this.#isClosed || this.#failure || !this.#isDirty || !this.#sheet.isVisible) return;
    const now = performance.now();
    if (this.#asked !== null) {
      if (now - this.#asked.at >= patienceMs) this.#repaint();
      else askForTurn(this);
      return;
    }
    this.#isDirty = false;
    this.#seq += 1;
    this.#asked = { seq: this.#seq, at: now };
    this.#points.ask({ ...this.#question(this.#sheet.ratio), seq: this.#seq });
  }

  #change(): void {
    this.#isDirty = true;
    if (this.#sheet.isVisible) askForTurn(this);
  }

  #question(ratio: number): FrameAsk {
    const { crisp = false, everyPoint = false } = this.#options;
    return { ...questionOf(this.#state, this.size, { ...this.#view, ratio, crisp, everyPoint }), plot: this.#plot, seq: this.#seq };
  }

  #wait(seq: number, exact: boolean): Promise<Drawn> {
    return this.#failure ? Promise.reject(this.#failure) : this.#waiters.wait(seq, exact);
  }

  #receive(answer: FrameAnswer): void {
    if (this.#snapshots.receive(answer)) return;
    if (answer.exact && answer.seq === this.#asked?.seq) this.#asked = null;
    if (this.#isClosed) return;
    // Of another kind or other lines than asked for since, or older than what is on screen.
    const isStale = answer.seq < this.#epoch || (this.#held !== null && answer.seq < this.#held.seq);
    if (!isStale) this.#draw(answer);
    if (this.#isDirty) askForTurn(this);
  }

  /** All points are gone: they are asked for again, and with them whatever waits. The last picture stays. */
  #lose(): void {
    if (this.#isClosed) return;
    const { onLost } = this.#options;
    if (!onLost) {
      this.#fail(new Error('The points of the chart were lost.'));
      return;
    }
    this.#asked = null;
    onLost();
    this.#snapshots.again((ask) => this.#points.ask(ask));
    this.#change();
  }

  #fail(error: Error): void {
    if (this.#isClosed || this.#failure) return;
    this.#failure = error;
    this.#asked = null;
    this.#waiters.fail(error);
    this.#snapshots.fail(error);
    this.#options.onFailure?.(error);
  }

  #draw(answer: FrameAnswer): void {
    this.#held = answer;
    this.#waiters.settle(answer, this.#paint(answer, answer));
  }

  /**
   * Axes and annotations of a stretch, and over them a picture. One of another stretch or size is moved and stretched to where it belongs, for
   * the frame or two until the exact one is here.
   */
  #paint(held: FrameAnswer, { from, to }: { from: number; to: number }): Drawn {
    const started = performance.now();
    const { ratio } = this.#sheet;
    const scene = sceneOf(this.#state, this.size, { ...held, from, to });
    const inside = this.#layer.make(this.#pictureOf(held));
    const drawn: Drawn = { answer: { ...held, from, to }, scene, means: this.#layer.means, mainMs: 0 };
    const hasAxes = this.#options.onDrawn?.(drawn) ?? false;
    const pen = this.#sheet.clear();
    const { frame, annotations } = this.#state;
    const { columns, rows } = insideOf(this.#state, this.size, ratio);
    // On whole device pixels, or every column would be smeared over two.
    const [left, top] = [Math.round(frame.left * ratio), Math.round(frame.top * ratio)];
    const isInPlace = held.from === from && held.to === to && held.columns === columns && held.rows === rows;
    if (inside.pixels && isInPlace && !hasAnnotations(annotations)) {
      // Finished pixels go straight to where they belong, and the axes beneath them: a step less for each chart of a wall.
      pen.putImageData(inside.pixels, left, top);
      pen.globalCompositeOperation = 'destination-over';
      if (!hasAxes) drawAxes(pen, scene);
      drawAxisBreak(pen, scene);
      pen.globalCompositeOperation = 'source-over';
    } else {
      if (!hasAxes) drawAxes(pen, scene);
      drawAxisBreak(pen, scene);
      drawAnnotations(pen, scene);
      pen.save();
      pen.setTransform(1, 0, 0, 1, left, top);
      pen.beginPath();
      pen.rect(0, 0, columns, rows);
      pen.clip();
      const perMs = columns / (to - from);
      pen.transform(((held.to - held.from) * perMs) / held.columns, 0, 0, rows / held.rows, (held.from - from) * perMs, 0);
      inside.lay(pen);
      pen.restore();
    }
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
}
