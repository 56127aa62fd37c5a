import type { ValueAxis } from '../../../renderer/charts/engine/index.ts';
import { isGap } from '../../../renderer/charts/plot/points.ts';
import type { Points } from './data.ts';

/** A picture as one byte a pixel: how much of it is covered, 0 to 255. */
export interface Coverage {
  width: number;
  height: number;
  data: Uint8Array;
}

export interface Place {
  from: number;
  to: number;
  axis: ValueAxis;
  width: number;
  height: number;
}

/** Returns all points as connected pieces of pixel coordinates, computed without the engine's shapes. */
function pieces({ t, v }: Points, { from, to, axis, width, height }: Place): [x: number, y: number][][] {
  const all: [number, number][][] = [];
  let piece: [number, number][] = [];
  for (let i = 0; i < t.length; i++) {
    const value = v[i] as number;
    const isNumber = Number.isFinite(value);
    if ((!isNumber || (i > 0 && isGap(t, i, 0))) && piece.length > 0) {
      all.push(piece);
      piece = [];
    }
    if (!isNumber) continue;
    const x = (((t[i] as number) - from) / (to - from)) * width;
    const y = ((axis.max - value) / (axis.max - axis.min)) * height;
    piece.push([x, y]);
  }
  if (piece.length > 0) all.push(piece);
  return all;
}

/** Every pixel that the line through all points passes through, found by walking each of its segments. */
export function passedThrough(points: Points, place: Place): Coverage {
  const { width, height } = place;
  const data = new Uint8Array(width * height);
  const light = (x: number, y: number) => {
    if (x >= 0 && x < width && y >= 0 && y < height) data[y * width + x] = 255;
  };
  for (const piece of pieces(points, place)) {
    piece.forEach(([x, y], i) => {
      light(Math.floor(x), Math.floor(y));
      const [x0, y0] = piece[i - 1] ?? [x, y];
      // Only what can be seen is walked.
      const first = Math.max(0, Math.floor(x0));
      const last = Math.min(width - 1, Math.floor(x));
      for (let column = first; column <= last; column++) {
        const enter = column <= x0 ? y0 : y0 + ((column - x0) / (x - x0)) * (y - y0);
        const leave = column + 1 >= x ? y : y0 + ((column + 1 - x0) / (x - x0)) * (y - y0);
        const [top, bottom] = enter < leave ? [enter, leave] : [leave, enter];
        for (let row = Math.max(0, Math.floor(top)); row <= Math.min(height - 1, Math.max(Math.floor(top), Math.ceil(bottom) - 1)); row++)
          light(column, row);
      }
    });
  }
  return { width, height, data };
}

/** The line through all points as the browser itself strokes it, one pixel wide. */
export function stroked(points: Points, place: Place): Coverage {
  const canvas = document.createElement('canvas');
  canvas.width = place.width;
  canvas.height = place.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.lineWidth = 1;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const piece of pieces(points, place)) {
    context.beginPath();
    for (const [x, y] of piece) context.lineTo(x, y);
    // A lonely point is drawn as a dot a pixel high.
    if (piece.length === 1) context.lineTo((piece[0]?.[0] ?? 0) + 0.01, piece[0]?.[1] ?? 0);
    context.stroke();
  }
  return coverageOf(context, place.width, place.height);
}

export function coverageOf(context: CanvasRenderingContext2D, width: number, height: number): Coverage {
  const pixels = context.getImageData(0, 0, width, height).data;
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = pixels[4 * i + 3] as number;
  return { width, height, data };
}

/** Pixels that are not the same in both. */
export function different(a: Coverage, b: Coverage): number {
  let count = 0;
  for (let i = 0; i < a.data.length; i++) if (a.data[i] !== b.data[i]) count++;
  return count;
}

/** Pixels of `a` that have nothing of `b` in themselves or the eight around them. */
export function farFrom(a: Coverage, b: Coverage): number {
  let count = 0;
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      if ((a.data[y * a.width + x] as number) < 64) continue;
      let isNear = false;
      for (let dy = -1; dy <= 1 && !isNear; dy++) {
        for (let dx = -1; dx <= 1 && !isNear; dx++) {
          const [nx, ny] = [x + dx, y + dy];
          // Anything beyond the left or right edge is visible in neither image.
          isNear = nx < 0 || nx >= a.width || (ny >= 0 && ny < a.height && (b.data[ny * a.width + nx] as number) > 0);
        }
      }
      if (!isNear) count++;
    }
  }
  return count;
}

export function lit(a: Coverage): number {
  let count = 0;
  for (const value of a.data) if (value > 0) count++;
  return count;
}
