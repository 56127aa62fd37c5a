import { gpuState } from './webgl.ts';

/** The canvas of a plot. It follows the size of its holder and knows whether it is visible. */
export class PlotCanvas {
  readonly pen: CanvasRenderingContext2D;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly #canvas: HTMLCanvasElement;
  readonly #stopWatching: () => void;
  #size = { width: 0, height: 0 };
  #isVisible = true;

  /**
   * @param always counts as visible even off screen, for exports
   * @param onChange called when its size or visibility changed
   */
  constructor(holder: HTMLElement, ratio: number, always: boolean, onChange: () => void) {
    this.ratio = ratio;
    // One canvas for everything: each is copied in whole for every frame, which costs more than drawing on it.
    this.#canvas = canvasIn(holder);
    // Without a GPU the canvas stays in memory, so that nothing is copied to an emulated one and back.
    const pen = this.#canvas.getContext('2d', { willReadFrequently: gpuState() !== 'hardware' });
    if (!pen) throw new Error('This browser has no 2D canvas.');
    this.pen = pen;
    this.#measure(holder);
    this.#stopWatching = this.#watch(holder, always, onChange);
  }

  /** Size in CSS pixels; 0 until it is laid out. */
  get size(): { width: number; height: number } {
    return this.#size;
  }

  /** True when what is drawn can be seen. */
  get isVisible(): boolean {
    return this.#isVisible && this.#size.width > 0;
  }

  /** Clears the canvas and returns its context, scaled to CSS pixels. */
  clear(): CanvasRenderingContext2D {
    const { width, height } = this.#size;
    const [columns, rows] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    this.pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    if (this.#canvas.width !== columns || this.#canvas.height !== rows) {
      this.#canvas.width = columns;
      this.#canvas.height = rows;
      this.pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    } else this.pen.clearRect(0, 0, width, height);
    return this.pen;
  }

  dispose(): void {
    this.#stopWatching();
    this.#canvas.remove();
  }

  /** Measures the size; returns true if it changed. */
  #measure({ clientWidth: width, clientHeight: height }: HTMLElement): boolean {
    if (width === 0 || height === 0 || (width === this.#size.width && height === this.#size.height)) return false;
    this.#size = { width, height };
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    return true;
  }

  #watch(holder: HTMLElement, always: boolean, onChange: () => void): () => void {
    let isInSight = true;
    const update = () => {
      const before = this.#isVisible;
      this.#isVisible = always || (isInSight && !document.hidden);
      if (this.#isVisible && !before) onChange();
    };
    const sight = new IntersectionObserver((entries) => {
      isInSight = entries.at(-1)?.isIntersecting ?? true;
      update();
    });
    sight.observe(holder);
    const size = new ResizeObserver(() => {
      if (this.#measure(holder)) onChange();
    });
    size.observe(holder);
    document.addEventListener('visibilitychange', update);
    return () => {
      sight.disconnect();
      size.disconnect();
      document.removeEventListener('visibilitychange', update);
    };
  }
}

function canvasIn(holder: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.style.position = 'absolute';
  canvas.style.left = '0';
  canvas.style.top = '0';
  canvas.setAttribute('aria-hidden', 'true');
  holder.append(canvas);
  return canvas;
}
