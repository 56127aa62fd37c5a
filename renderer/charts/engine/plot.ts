import type { ColumnInput } from './column.ts';
import { drawAnnotations, drawAxes, drawAxisBreak, hasAnnotations, type Scene } from './furniture.ts';
import { createLayer, type Layer, type Means } from './layer.ts';
import { askForTurn, forgoTurn } from './loop.ts';
import { type LineStyle, type Picture, paint } from './paint.ts';
import type { Pen } from './pen.ts';
import { openPoints, type PlotColumns } from './pool.ts';
import type { FrameAnswer, FrameRequest, ReadAnswer } from './protocol.ts';
import { PlotCanvas } from './sheet.ts';
import { hasSameShapes, hidden, insideOf, type PlotState, questionOf, sceneOf, stylesOf } from './state.ts';
import { Snapshots, Waiters } from './waiting.ts';

/** Describes a picture that was drawn. */
export interface Drawn {
  answer: FrameAnswer;
  scene: Scene;
  means: Layer['means'];
  /** Time this thread spent on the picture, ms. */
  mainMs: number;
}

export interface PlotOptions {
  state: PlotState;
  means?: Means;
  /** Turns anti-aliasing off: every pixel is either fully of the line or not at all. */
  crisp?: boolean;
  /** Draws every point rather than the extremes of each pixel column. Used only to compare pictures. */
  everyPoint?: boolean;
  /** Device pixels per CSS pixel; the window's by default. */
  ratio?: number;
  /** Draws even if it is not visible, for exports. */
  always?: boolean;
  /** Called after every picture. Returns true if the listener shows axes of its own. */
  onDrawn?: (drawn: Drawn) => boolean | undefined;
  /** Called when the worker that held the points is gone: all points must be sent again. Without it, that is a failure. */
  onLost?: () => void;
  /** Called with the reason why nothing can be drawn; with null once it can. */
  onFailure?: (error: Error | null) => void;
}

/** How long to wait for a new picture, ms, before the last one is moved and scaled instead, which costs as much as drawing. */
const repaintAfterMs = 40;

/**
 * A time plot on a canvas. A worker holds its points; this thread sends the visible range and draws the answer. One question is in flight
 * at a time, so slow answers never pile up; in the meantime the last picture is moved to where it belongs.
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
  /** Answers to questions before this one are outdated. */
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

  /** Sets what is on screen and how it looks. The points are kept. */
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

  /** Sets the points of a line, whose arrays are transferred. */
  put(id: string, column: ColumnInput): void {
    if (this.#failure) return;
    this.#points.put(id, column);
    this.#change();
  }

  /**
   * Appends points to a line; older points aren't read again.
   * @param from time before which points may be dropped, ms
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

  /** Sets the visible range, ms. */
  show(from: number, to: number): void {
    if (this.#view.from === from && this.#view.to === to) return;
    this.#view = { from, to };
    this.#change();
  }

  /**
   * Sets the visible range and resolves once its exact picture is drawn.
   * @throws Error the reason why nothing can be drawn
   */
  shown(from: number, to: number): Promise<Drawn> {
    this.#view = { from, to };
    this.#isDirty = true;
    const drawn = this.#wait(this.#seq + 1, true);
    // The caller is waiting, so the question is sent now rather than in the next frame.
    this.turn();
    return drawn;
  }

  /**
   * Resolves with the next picture on screen, including a coarse one.
   * @throws Error the reason why nothing can be drawn
   */
  next(): Promise<Drawn> {
    return this.#wait(0, false);
  }

  /** Returns the stored points nearest to a time and within `within` ms of it, of all lines or of some. */
  read(at: number, within: number, ids = this.#state.lines.map((line) => line.id)): Promise<ReadAnswer[]> {
    return this.#failure ? Promise.resolve([]) : this.#points.read(ids, at, within);
  }

  /** Restarts after a failure. */
  retry(): void {
    this.#failure = null;
    this.#points.clear();
    this.#options.onFailure?.(null);
    this.#lose();
  }

  /**
   * Draws the plot on another pen, at any size.
   * @param scale device pixels per CSS pixel there
   * @throws Error the reason why nothing can be drawn
   */
  async drawOn(pen: Pen & { scale?: (x: number, y: number) => void }, scale: number): Promise<Scene> {
    if (this.#failure) throw this.#failure;
    const answer = await this.#snapshots.ask(this.#question(scale), (request) => this.#points.ask(request));
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

  /** Redraws the current picture because something around it changed. */
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

  /** Called in the shared frame: sends a question, or moves the last picture to where it belongs while an answer is slow. */
  turn(): void {
    if (this.#isClosed || this.#failure || !this.#isDirty || !this.#sheet.isVisible) return;
    const now = performance.now();
    if (this.#asked !== null) {
      if (now - this.#asked.at >= repaintAfterMs) this.#repaint();
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

  #question(ratio: number): FrameRequest {
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
    // The answer is of an outdated kind or set of lines, or older than what is on screen.
    const isStale = answer.seq < this.#epoch || (this.#held !== null && answer.seq < this.#held.seq);
    if (!isStale) this.#draw(answer);
    if (this.#isDirty) askForTurn(this);
  }

  /** Handles the loss of all points: they are requested again, as are pending pictures. The last picture stays. */
  #lose(): void {
    if (this.#isClosed) return;
    const { onLost } = this.#options;
    if (!onLost) {
      this.#fail(new Error('The points of the chart were lost.'));
      return;
    }
    this.#asked = null;
    onLost();
    this.#snapshots.again((request) => this.#points.ask(request));
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
   * Draws axes and annotations of an interval, and a picture over them. A picture of another interval or size is moved and scaled to where
   * it belongs, for the frame or two until the exact one is here.
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
    // The origin is on whole device pixels, or every column would be blurred over two.
    const [left, top] = [Math.round(frame.left * ratio), Math.round(frame.top * ratio)];
    const isInPlace = held.from === from && held.to === to && held.columns === columns && held.rows === rows;
    if (inside.pixels && isInPlace && !hasAnnotations(annotations)) {
      // Finished pixels go straight to the canvas, with the axes beneath them: one copy less for each chart of a wall.
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
