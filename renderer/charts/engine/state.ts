import type { Annotations, Frame, Look, Scene } from './furniture.ts';
import type { LineStyle } from './paint.ts';
import type { FrameAnswer, FrameRequest, PlotKind, Stack } from './protocol.ts';

/** One line of a plot; widths in CSS pixels. */
export interface PlotLine {
  id: string;
  /** Shown next to its row in a heat map. */
  name: string;
  color: string;
  opacity?: number;
  width?: number;
  dashed?: boolean;
  /** Opacity of the area under it; absent follows the kind of the plot. */
  fill?: number;
  /** False for an edge that only bounds an area. */
  line?: boolean;
  /** Id of the series that its area ends at; absent, the area ends at zero or at the series that it is stacked on. */
  under?: string;
}

/** Everything a plot shows except its points and its interval. */
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

/** Size of a whole plot, CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The parameters of a picture besides the state. */
export interface Sight {
  from: number;
  to: number;
  /** Device pixels per CSS pixel. */
  ratio: number;
  crisp: boolean;
  everyPoint: boolean;
}

const areaFill = 0.12;
const stackFill = 0.45;
const bandFill = 0.2;
export const hidden: LineStyle = { color: 'transparent', opacity: 0, width: 1, dash: [], fill: 0, line: false };

/** Returns how each line is drawn at a device pixel ratio, by its id. */
export function stylesOf({ lines, kind, stack }: PlotState, ratio: number): Map<string, LineStyle> {
  return new Map(
    lines.map((line, at) => {
      const byKind = kind === 'area' ? (stack === 'none' ? areaFill : stackFill) : kind === 'band' && at % 3 === 2 ? bandFill : 0;
      const isEdge = kind === 'band' && at % 3 !== 1;
      const style: LineStyle = {
        color: line.color,
        opacity: line.opacity ?? 1,
        width: (line.width ?? 1.6) * ratio,
        dash: line.dashed ? [6 * ratio, 4 * ratio] : [],
        fill: line.fill ?? byKind,
        line: line.line ?? !isEdge,
      };
      return [line.id, style];
    }),
  );
}

/** Returns the size of a plot's inside, device pixels. */
export function insideOf({ frame }: PlotState, { width, height }: Size, ratio: number): { columns: number; rows: number } {
  return {
    columns: Math.max(1, Math.round((width - frame.left - frame.right) * ratio)),
    rows: Math.max(1, Math.round((height - frame.top - frame.bottom) * ratio)),
  };
}

/** Builds the question for a picture, without the plot that asks it. */
export function questionOf(state: PlotState, size: Size, sight: Sight): Omit<FrameRequest, 'plot' | 'seq'> {
  const { look, lines, kind, stack, scale, min, max, annotations } = state;
  const { columns, rows } = insideOf(state, size, sight.ratio);
  const steps = Math.max(3, Math.min(8, Math.floor(rows / sight.ratio / (look.rem * 2.5))));
  return {
    ...sight,
    columns,
    rows,
    kind,
    stack,
    scale,
    ids: lines.map(({ id }) => id),
    under: Object.fromEntries(lines.flatMap(({ id, under }) => (under === undefined ? [] : [[id, under]]))),
    axis: { min, max, include: annotations.thresholds.map(({ value }) => value), steps },
  };
}

/** True if a picture of one state can be shown for the other: they differ at most in colours and styles. */
export function hasSameShapes(a: PlotState, b: PlotState): boolean {
  return (
    a.kind === b.kind &&
    a.stack === b.stack &&
    a.scale === b.scale &&
    a.min === b.min &&
    a.max === b.max &&
    hasSameFrame(a.frame, b.frame) &&
    isEach(a.lines, b.lines, (one, other) => one.id === other.id && one.under === other.under) &&
    isEach(a.annotations.thresholds, b.annotations.thresholds, (one, other) => one.value === other.value)
  );
}

const hasSameFrame = (a: Frame, b: Frame): boolean =>
  a === b || (a.left === b.left && a.right === b.right && a.top === b.top && a.bottom === b.bottom);

const isEach = <T>(a: readonly T[], b: readonly T[], isSame: (one: T, other: T) => boolean): boolean =>
  a === b || (a.length === b.length && a.every((one, i) => isSame(one, b[i] as T)));

export function sceneOf({ frame, look, annotations, mini, kind, lines }: PlotState, size: Size, answer: FrameAnswer): Scene {
  return {
    from: answer.from,
    to: answer.to,
    axis: answer.axis,
    width: size.width,
    height: size.height,
    frame,
    look,
    annotations,
    rows: kind === 'heatmap' && lines.length > 1 ? lines.map(({ name }) => name) : null,
    mini,
  };
}
