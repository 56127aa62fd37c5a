import { describe, expect, it } from 'vitest';
import { type Annotations, drawAnnotations, type Scene } from './furniture.ts';
import { SvgPen } from './svg-pen.ts';

type Intervals = Annotations['intervals'];

const accent = '#1f639e';
const critical = '#ff5a4d';
const scene = (intervals: Intervals, view = { from: 0, to: 1_000 }): Scene => ({
  ...view,
  axis: { scale: 'linear', min: 0, max: 1, step: 0.5 },
  width: 1_100,
  height: 300,
  frame: { left: 64, right: 36, top: 24, bottom: 24 },
  look: {
    faint: '#888',
    muted: '#888',
    border: '#888',
    surface: '#888',
    attention: '#888',
    heat: '#888',
    font: 'sans',
    rem: 16,
    rtl: false,
    clock: 'utc',
    timeLabel: String,
    valueLabels: () => ({ texts: [], note: '', width: 0 }),
  },
  annotations: { thresholds: [], intervals, marks: [] },
  rows: null,
  mini: false,
});

/** Returns the rectangles that are filled with a colour: left, top, width, height, opacity. */
function boxesOf(drawn: Scene, color: string): number[][] {
  const pen = new SvgPen(drawn.width, drawn.height);
  drawAnnotations(pen, drawn);
  const filled = pen.toString().matchAll(/d="M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+Z" fill="([^"]+)" fill-opacity="([\d.]+)"/g);
  return [...filled]
    .filter((one) => one[5] === color)
    .map(([, x, y, width, height, , opacity]) => [x, y, width, height, opacity].map(Number));
}

const incident = (from: number, to: number) => ({ from, to, color: accent, fill: 'barred' as const });

describe('an incident on a chart', () => {
  it('is shaded, with a bar in the margin above', () => {
    expect(boxesOf(scene([incident(200, 300)]), accent)).toEqual([
      [264, 24, 100, 252, 0.16],
      [264, 20, 100, 4, 1],
    ]);
  });

  it('ends where the visible interval does, and isn’t drawn outside of it', () => {
    const view = { from: 500, to: 1_500 };
    expect(boxesOf(scene([incident(200, 600)], view), accent)[0]?.slice(0, 3)).toEqual([64, 24, 100]);
    expect(boxesOf(scene([incident(200, 500), incident(1_500, 1_600)], view), accent)).toEqual([]);
  });

  it('is three pixels wide at least, also at the end of the plot', () => {
    expect(boxesOf(scene([incident(200, 200.1)]), accent)[1]).toEqual([264, 20, 3, 4, 1]);
    expect(boxesOf(scene([incident(999.9, 1_000)]), accent)[1]).toEqual([1_061, 20, 3, 4, 1]);
  });

  it('keeps its bar where the rule fired', () => {
    const fired = { from: 200, to: 300, color: critical, fill: 'shaded' as const };
    const both = scene([incident(200, 300), fired]);
    expect(boxesOf(both, accent)[1]).toEqual([264, 20, 100, 4, 1]);
    expect(boxesOf(both, critical)).toEqual([[264, 24, 100, 252, 0.14]]);
  });
});
