import { describe, expect, it } from 'vitest';
import type { Plot } from '#renderer/charts/engine/index.ts';
import { continuesAt, PlotFeed } from './feed-plot.ts';

const line = (from: number, to: number, bucketMs = 0) => {
  const t = Float64Array.from({ length: to - from }, (_, i) => (from + i) * 10);
  return { t, v: t.map((at) => at / 7), bucketMs };
};

describe('a line that goes on', () => {
  it('is new from its last point on, which may still have been filling', () => {
    expect(continuesAt(line(0, 10), line(0, 12))).toBe(9);
    expect(continuesAt(line(0, 10), line(0, 10))).toBe(9);
  });

  it('may have lost its oldest points', () => {
    expect(continuesAt(line(0, 10), line(4, 14))).toBe(5);
  });

  it('is another one where a point of the past changed, came or went', () => {
    const changed = line(4, 14);
    changed.v[2] = -1;
    expect(continuesAt(line(0, 10), changed)).toBe(-1);
    const late = line(0, 12);
    late.t[3] = 31;
    expect(continuesAt(line(0, 10), late)).toBe(-1);
    expect(continuesAt(line(0, 10), line(20, 30))).toBe(-1);
    expect(continuesAt(line(0, 10), line(-5, 12))).toBe(-1);
    expect(continuesAt(line(0, 10), line(0, 12, 10))).toBe(-1);
    const lost = line(0, 12);
    lost.v[3] = NaN;
    expect(continuesAt(line(0, 10), lost)).toBe(-1);
    expect(continuesAt(lost, lost)).toBe(11);
  });
});

describe('what a plot is handed', () => {
  const feed = () => {
    const calls: unknown[] = [];
    const plot = {
      put: (id: string, { times, values }: { times: object; values: Float64Array }) => calls.push(['put', id, times, values.length]),
      append: (id: string, t: Float64Array, _: Float64Array, from: number) => calls.push(['append', id, [...t], from]),
      drop: (id: string) => calls.push(['drop', id]),
    };
    return { calls, feed: new PlotFeed(plot as unknown as Plot) };
  };
  const series = (from: number, to: number) => [{ id: 'a', name: 'a', place: 0, ...line(from, to) }];

  it('is a whole line once, then only its end, with the time before which points may go', () => {
    const { calls, feed: to } = feed();
    const given = series(0, 5);
    to.give(given, 0);
    to.give(series(2, 7), 0);
    expect(calls).toEqual([
      ['put', 'a', { t0: 0, dt: 10 }, 5],
      ['append', 'a', [40, 50, 60], 20],
    ]);
    // The plot got a copy: the legend next to the chart still uses these arrays.
    expect(given[0]?.t.length).toBe(5);
  });

  it('is everything once more where it was lost', () => {
    const { calls, feed: to } = feed();
    to.give(series(0, 5), 0);
    to.again();
    expect(calls[1]).toEqual(calls[0]);
    to.give([], 0);
    expect(calls.at(-1)).toEqual(['drop', 'a']);
  });
});
