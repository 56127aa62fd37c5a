import type { ColumnInput } from './column.ts';
import type { ValueAxis } from './scale.ts';

/** How the lines of a plot are drawn. */
const plotKinds = ['line', 'area', 'step', 'bar', 'band', 'scatter', 'heatmap'] as const;
export type PlotKind = (typeof plotKinds)[number];
export type Stack = 'none' | 'stacked' | 'percent';

/** What a plot shows now. It contains everything an image depends on, so that an answer can be checked against it alone. */
export interface FrameAsk {
  plot: number;
  /** Grows by one a question; an answer to an older one is dropped. */
  seq: number;
  from: number;
  to: number;
  /** Size of the plot's inside, device pixels. */
  columns: number;
  rows: number;
  /** Device pixels a CSS pixel takes. */
  ratio: number;
  kind: PlotKind;
  stack: Stack;
  scale: 'linear' | 'log';
  /** Lines, bottom to top; of a band its least, its middle and its greatest, and so on. */
  ids: string[];
  /** Lines whose area ends at another line: the id of that one by theirs. */
  under: Record<string, string>;
  axis: { min?: number | undefined; max?: number | undefined; include: number[]; steps: number };
  /** Lines as whole pixels only. */
  crisp: boolean;
  /** Every point rather than the columns' extremes: only to compare pictures. */
  everyPoint: boolean;
}

/**
 * Shapes of one line, in device pixels from the top left of the plot:
 * `points` x, y, base – a line to be stroked, NaN in x where it breaks; `runs` column, top, bottom, base; `rects` x, y, width, height;
 * `dots` x, y; `cells` one value from 0 to 1 a cell of a grid (NaN is nothing), row by row from the top.
 */
export interface LineShape {
  id: string;
  shape: 'points' | 'runs' | 'rects' | 'dots' | 'cells';
  data: Float32Array<ArrayBuffer>;
  /** Cells a row, for `cells`. */
  across?: number;
}

export interface FrameAnswer {
  plot: number;
  seq: number;
  /** False for a coarse picture, shown until the exact one is here. */
  exact: boolean;
  axis: ValueAxis;
  parts: LineShape[];
  /** Least and greatest value of the cells of a heat map. */
  range: { min: number; max: number } | null;
  /** There are visible values, and a logarithmic axis can show none of them. */
  offLog: boolean;
  /** What the question was, so that a late picture can be laid where it belongs. */
  from: number;
  to: number;
  columns: number;
  rows: number;
  /** Time the worker took, ms. */
  workMs: number;
}

export interface ReadAnswer {
  id: string;
  at: number;
  value: number;
}

export type ToWorker =
  /** There is time until the first question: to get ready for it. */
  | { type: 'rehearse' }
  /** Names a lock to hold while the worker lives. */
  | { type: 'live'; life: string }
  | { type: 'put'; plot: number; id: string; column: ColumnInput }
  /** Points before `from` may be forgotten. */
  | { type: 'append'; plot: number; id: string; t: Float64Array<ArrayBuffer>; v: Float64Array<ArrayBuffer>; from: number }
  | { type: 'drop'; plot: number; id?: string }
  | { type: 'frames'; asks: FrameAsk[] }
  /** The true points nearest to a time. */
  | { type: 'read'; plot: number; call: number; ids: string[]; at: number; within: number }
  | { type: 'bytes'; call: number };

export type FromWorker =
  /** The last of a question says so, whatever failed of it. */
  | { type: 'frames'; answers: FrameAnswer[]; last: boolean }
  /** The lock is held. */
  | { type: 'live'; life: string }
  | { type: 'read'; call: number; rows: ReadAnswer[] }
  | { type: 'bytes'; call: number; bytes: number }
  /** Points of a plot could not be taken, or its picture not be made. */
  | { type: 'failed'; plot: number; reason: string };
