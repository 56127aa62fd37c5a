/** One line: times ascending, epoch ms, which other lines may share; values. */
export interface Line {
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
}

/** The visible range of a chart, epoch ms. */
export interface Sight {
  from: number;
  to: number;
}

/** A chart on the page. */
export interface Picture {
  /** Moves to a range; done when its exact image has been drawn (the browser may still have to show it). */
  frame(sight: Sight): void | Promise<void>;
  /** Waits until the image shows all points, if `open` resolves before that. */
  settled?(): Promise<void>;
  dispose(): void;
}

/** A way to draw lines. Every chart has a grid, a time axis and a value axis that fits what is in sight, where the library has them. */
export interface Contestant {
  /** Turns a line into what the library likes best; not timed. The line is not used again. */
  prepare(line: Line): unknown;
  /** Draws prepared lines into an element of the size they are to have. */
  open(host: HTMLElement, prepared: readonly unknown[]): Picture | Promise<Picture>;
}

export const colors = ['#2f6fed', '#d9480f', '#2b8a3e', '#862e9c'] as const;

export function colorOf(place: number): string {
  return colors[place % colors.length] ?? colors[0];
}
