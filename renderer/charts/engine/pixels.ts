import { rgbOf } from './color.ts';
import type { LineStyle, Picture } from './paint.ts';
import { runStride } from './runs.ts';

/** Number of finished pixels that cost as much to copy as a canvas without a GPU needs for one rectangle. */
const pixelsARectangle = 350;

/** True if writing pixels of runs directly costs less than having the canvas fill a rectangle for each. */
export function isForPixels({ answer: { parts, columns, rows }, styleOf }: Picture): boolean {
  let runs = 0;
  for (const { id, shape, data } of parts) {
    if (shape !== 'runs' || styleOf(id).fill > 0) return false;
    runs += data.length / runStride;
  }
  return runs * pixelsARectangle > columns * rows;
}

let image: ImageData | null = null;
let scratch: CanvasRenderingContext2D | null = null;

/** Draws runs pixel by pixel. The returned image is reused by the next call. */
export function drawPixels({ answer: { parts, columns, rows }, styleOf, crisp }: Picture): ImageData {
  if (image?.width !== columns || image.height !== rows) image = new ImageData(columns, rows);
  else new Uint32Array(image.data.buffer).fill(0);
  const sheet = new PixelSheet(image);
  for (const { id, data } of parts) {
    const style = styleOf(id);
    if (style.line && style.opacity > 0) sheet.runs(data, style, crisp);
  }
  return image;
}

/** Draws pixels at the pen's origin, over what is there, with the pen's transform and clip. */
export function layPixels(pen: CanvasRenderingContext2D, pixels: ImageData): void {
  scratch ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!scratch) return;
  const { canvas } = scratch;
  if (canvas.width !== pixels.width || canvas.height !== pixels.height) {
    canvas.width = pixels.width;
    canvas.height = pixels.height;
  }
  scratch.putImageData(pixels, 0, 0);
  pen.drawImage(canvas, 0, 0);
}

/** A pixel buffer that is written to directly; half-covered pixels are blended with what is there. */
class PixelSheet {
  readonly #bytes: Uint8ClampedArray;
  readonly #words: Uint32Array;
  readonly #columns: number;
  readonly #rows: number;
  #rgb: readonly [number, number, number] = [0, 0, 0];
  /** The colour as one opaque pixel. */
  #solid = 0;

  constructor({ data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>) {
    this.#bytes = new Uint8ClampedArray(data.buffer);
    this.#words = new Uint32Array(data.buffer);
    this.#columns = width;
    this.#rows = height;
  }

  /** Draws the runs of one line; matches `paintRuns` on a canvas. */
  runs(data: Float32Array, { color, width, opacity, dash }: LineStyle, crisp: boolean): void {
    this.#rgb = rgbOf(color);
    this.#solid = new Uint32Array(Uint8Array.of(...this.#rgb, 255).buffer)[0] as number;
    const half = crisp ? 0 : width / 2;
    const side = !crisp && opacity === 1 && dash.length === 0 ? Math.max(0, half - 0.5) : 0;
    const [on = 1, off = 0] = crisp ? [] : dash;
    for (let i = 0; i < data.length; i += runStride) {
      const column = data[i] as number;
      if (off > 0 && column % (on + off) >= on) continue;
      let top = (data[i + 1] as number) - half;
      let bottom = (data[i + 2] as number) + half;
      if (crisp) {
        top = Math.floor(top);
        bottom = Math.max(top + 1, Math.ceil(bottom));
      }
      this.#fillColumn(column, top, bottom, opacity);
      if (side > 0) {
        this.#fillBeside(data, i, -1, top, bottom, side, half);
        this.#fillBeside(data, i, 1, top, bottom, side, half);
      }
    }
  }

  /** Draws the part of a wide line that reaches into a neighbouring column, where no run there covers it anyway. */
  #fillBeside(data: Float32Array, i: number, step: 1 | -1, top: number, bottom: number, side: number, half: number): void {
    const next = i + step * runStride;
    const column = (data[i] as number) + step;
    const share = Math.min(1, side);
    if (data[next] === column) {
      const [from, to] = [Math.ceil((data[next + 1] as number) - half), Math.floor((data[next + 2] as number) + half)];
      if (top < from) this.#fillColumn(column, top, Math.min(bottom, from), share);
      if (bottom > to) this.#fillColumn(column, Math.max(top, to), bottom, share);
    } else this.#fillColumn(column, top, bottom, share);
    for (let more = 1; more < side; more++) this.#fillColumn(column + more * step, top, bottom, Math.min(1, side - more));
  }

  /** Fills one column from `top` to `bottom`; the pixels at its ends are covered in part. */
  #fillColumn(column: number, top: number, bottom: number, opacity: number): void {
    if (column < 0 || column >= this.#columns) return;
    const from = Math.max(0, top);
    const to = Math.min(this.#rows, bottom);
    if (!(to > from)) return;
    const first = Math.floor(from);
    const last = Math.ceil(to) - 1;
    if (first === last) {
      this.#mix(first * this.#columns + column, (to - from) * opacity);
      return;
    }
    this.#mix(first * this.#columns + column, (first + 1 - from) * opacity);
    const end = last * this.#columns + column;
    if (opacity === 1) for (let at = (first + 1) * this.#columns + column; at < end; at += this.#columns) this.#words[at] = this.#solid;
    else for (let at = (first + 1) * this.#columns + column; at < end; at += this.#columns) this.#mix(at, opacity);
    this.#mix(end, (to - last) * opacity);
  }

  #mix(at: number, opacity: number): void {
    const below = this.#words[at] as number;
    if (below === this.#solid) return;
    if (opacity >= 1) {
      this.#words[at] = this.#solid;
      return;
    }
    const bytes = this.#bytes;
    const byte = 4 * at;
    const kept = ((bytes[byte + 3] as number) / 255) * (1 - opacity);
    const sum = opacity + kept;
    for (let part = 0; part < 3; part++) {
      bytes[byte + part] = ((this.#rgb[part] as number) * opacity + (bytes[byte + part] as number) * kept) / sum;
    }
    bytes[byte + 3] = sum * 255;
  }
}
