import type { ColumnInput } from './column.ts';
import type { ValueAxis } from './scale.ts';

/** The ways to draw the lines of a plot. */
const plotKinds = ['line', 'area', 'step', 'bar', 'band', 'scatter', 'heatmap'] as const;
export type PlotKind = (typeof plotKinds)[number];
export type Stack = 'none' | 'stacked' | 'percent';

/** A request for the image of a plot. It contains everything the image depends on, so that an answer can be checked against it alone. */
export interface FrameRequest {
  plot: number;
  /** Increases by one with each question; answers to older ones are dropped. */
  seq: number;
  from: number;
  to: number;
  /** Size of the plot's inside, device pixels. */
  columns: number;
  rows: number;
  /** Device pixels per CSS pixel. */
  ratio: number;
  kind: PlotKind;
  stack: Stack;
  scale: 'linear' | 'log';
  /** Ids of the lines, bottom to top. For a band, in threes: minimum, middle, maximum. */
  ids: string[];
  /** Maps the id of a line to the line that its area ends at. */
  under: Record<string, string>;
  axis: { min?: number | undefined; max?: number | undefined; include: number[]; steps: number };
  /** Turns anti-aliasing off. */
  crisp: boolean;
  /** Draws every point rather than the extremes of each pixel column. Used only to compare pictures. */
  everyPoint: boolean;
}

/**
 * Shapes of one line, in device pixels from the top left of the plot:
 * `points` x, y, base: a line to be stroked, NaN in x where it breaks; `runs` column, top, bottom, base; `rects` x, y, width, height;
 * `dots` x, y; `cells` one value from 0 to 1 per cell of a grid (NaN is nothing), row by row from the top.
 */
export interface LineShape {
  id: string;
  shape: 'points' | 'runs' | 'rects' | 'dots' | 'cells';
  data: Float32Array<ArrayBuffer>;
  /** Cells per row, for `cells`. */
  across?: number;
}

export interface FrameAnswer {
  plot: number;
  seq: number;
  /** False for a coarse picture, shown until the exact one is here. */
  exact: boolean;
  axis: ValueAxis;
  parts: LineShape[];
  /** Lowest and highest value of the cells of a heat map. */
  range: { min: number; max: number } | null;
  /** True if there are visible values and a logarithmic axis can show none of them. */
  offLog: boolean;
  /** The interval asked for, so that a late picture can be placed where it belongs. */
  from: number;
  to: number;
  columns: number;
  rows: number;
  /** Time the worker spent, ms. */
  workMs: number;
}

export interface ReadAnswer {
  id: string;
  at: number;
  value: number;
}

export type ToWorker =
  /** Sent when there is time before the first question, to warm up. */
  | { type: 'warm-up' }
  /** Names a lock that the worker holds while it is alive. */
  | { type: 'live'; life: string }
  | { type: 'put'; plot: number; id: string; column: ColumnInput }
  /** Points before `from` may be dropped. */
  | { type: 'append'; plot: number; id: string; t: Float64Array<ArrayBuffer>; v: Float64Array<ArrayBuffer>; from: number }
  | { type: 'drop'; plot: number; id?: string }
  | { type: 'frames'; requests: FrameRequest[] }
  /** Asks for the stored points nearest to a time. */
  | { type: 'read'; plot: number; call: number; ids: string[]; at: number; within: number }
  | { type: 'bytes'; call: number };

export type FromWorker =
  /** `last` marks the last message of a question, even if some of it failed. */
  | { type: 'frames'; answers: FrameAnswer[]; last: boolean }
  /** Confirms that the lock is held. */
  | { type: 'live'; life: string }
  | { type: 'read'; call: number; rows: ReadAnswer[] }
  | { type: 'bytes'; call: number; bytes: number }
  /** Points of a plot could not be accepted, or its picture not be drawn. */
  | { type: 'failed'; plot: number; reason: string };
