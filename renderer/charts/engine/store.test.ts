import { describe, expect, it } from 'vitest';
import type { FrameRequest } from './protocol.ts';
import { Store } from './store.ts';

const ask = (more: Partial<FrameRequest> = {}): FrameRequest => ({
  plot: 1,
  seq: 1,
  from: 0,
  to: 100,
  columns: 100,
  rows: 100,
  ratio: 1,
  kind: 'line',
  stack: 'none',
  scale: 'linear',
  crisp: false,
  everyPoint: false,
  ids: ['a', 'b'],
  under: {},
  axis: { min: 0, max: 100, include: [], steps: 5 },
  ...more,
});

function storeOf(lines: Record<string, number[]>, bucketMs = 10): Store {
  const store = new Store();
  for (const [id, values] of Object.entries(lines))
    store.put(1, id, { times: { t0: 0, dt: bucketMs }, values: Float64Array.from(values), bucketMs });
  return store;
}

const rows = (data: Float32Array, stride: number, at: number) =>
  Array.from({ length: data.length / stride }, (_, i) => data[i * stride + at]);

describe('a store', () => {
  it('strokes few points where they are', () => {
    const { parts, exact } = storeOf({ a: [0, 50, 100] }).answer(ask({ ids: ['a'] }));
    expect(exact).toBe(true);
    expect(parts[0]?.shape).toBe('points');
    expect([...(parts[0]?.data ?? [])]).toEqual([0, 100, 100, 10, 50, 100, 20, 0, 100]);
  });

  it('stacks areas, each on the one below it', () => {
    const { parts } = storeOf({ a: [10, 20], b: [30, 40] }).answer(ask({ kind: 'area', stack: 'stacked' }));
    expect(rows(parts[1]?.data ?? new Float32Array(), 3, 1)).toEqual([60, 40]);
    expect(rows(parts[1]?.data ?? new Float32Array(), 3, 2)).toEqual([90, 80]);
  });

  it('ends an area at the given line', () => {
    const { parts } = storeOf({ a: [10, 20], b: [30, 40] }).answer(ask({ under: { b: 'a' } }));
    expect(rows(parts[1]?.data ?? new Float32Array(), 3, 1)).toEqual([70, 60]);
    expect(rows(parts[1]?.data ?? new Float32Array(), 3, 2)).toEqual([90, 80]);
  });

  it('stacks points that come at different times as the lines run between them', () => {
    const store = new Store();
    const times = (shift: number) => Float64Array.from({ length: 10 }, (_, i) => i * 10 + shift);
    store.put(1, 'a', { times: times(0), values: new Float64Array(10).fill(3), bucketMs: 0 });
    store.put(1, 'b', { times: times(4), values: new Float64Array(10).fill(4), bucketMs: 0 });
    const { parts } = store.answer(ask({ kind: 'area', stack: 'stacked', columns: 1_000 }));
    // The top is 7 everywhere, from the first point to the last.
    expect(new Set(rows(parts[1]?.data ?? new Float32Array(), 3, 1).map((y) => Math.round(100 - (y ?? 0))))).toEqual(new Set([7]));
  });

  it('adds nothing where a stacked line is silent', () => {
    const store = new Store();
    const all = Float64Array.from({ length: 10 }, (_, i) => i * 10);
    store.put(1, 'a', { times: all, values: new Float64Array(10).fill(3), bucketMs: 0 });
    store.put(1, 'b', { times: Float64Array.from([0, 10, 20, 30, 70, 80, 90]), values: new Float64Array(7).fill(4), bucketMs: 0 });
    const { parts } = store.answer(ask({ kind: 'area', stack: 'stacked', columns: 1_000 }));
    const tops = rows(parts[1]?.data ?? new Float32Array(), 3, 1).map((y) => Math.round(100 - (y ?? 0)));
    expect(tops).toEqual([7, 7, 7, 7, 7, 3, 7, 7, 7, 7]);
  });

  it('draws the heat map of one line on a logarithmic axis', () => {
    const store = storeOf({ a: [1, 10, 100, 1_000] }, 25);
    const { parts, axis, offLog } = store.answer(ask({ kind: 'heatmap', ids: ['a'], scale: 'log', axis: { include: [], steps: 5 } }));
    expect([axis.min, axis.max, offLog]).toEqual([1, 1_000, false]);
    expect([...(parts[0]?.data ?? [])].filter((cell) => cell > 0)).toHaveLength(4);
  });

  it.each([
    [[0, 0, -5], true],
    [[0, 1, -5], false],
    [[Number.NaN, Number.NaN], false],
  ])('reports whether %j can’t be drawn on a logarithmic axis', (values, offLog) => {
    for (const kind of ['line', 'heatmap'] as const)
      expect(storeOf({ a: values }).answer(ask({ kind, ids: ['a'], scale: 'log' })).offLog).toBe(offLog);
  });

  it('stacks to a hundred per cent', () => {
    const { parts, axis } = storeOf({ a: [10, 0], b: [30, 5] }).answer(ask({ kind: 'area', stack: 'percent' }));
    expect([axis.min, axis.max]).toEqual([0, 100]);
    expect(rows(parts[0]?.data ?? new Float32Array(), 3, 1)).toEqual([75, 100]);
    expect(rows(parts[1]?.data ?? new Float32Array(), 3, 1)).toEqual([0, 0]);
  });

  it('leaves a gap on a logarithmic axis where a value is zero or less, and still reports the true value', () => {
    const store = storeOf({ a: [1, 0, 100] });
    const { parts, axis } = store.answer(ask({ ids: ['a'], scale: 'log', axis: { include: [], steps: 5 } }));
    expect([axis.min, axis.max]).toEqual([1, 100]);
    expect(rows(parts[0]?.data ?? new Float32Array(), 3, 1).map(Number.isNaN)).toEqual([false, true, true, false]);
    expect(store.read(1, ['a'], 11, 5)).toEqual([{ id: 'a', at: 10, value: 0 }]);
  });

  it('puts bars side by side within their bucket', () => {
    const { parts } = storeOf({ a: [50], b: [25] }).answer(ask({ kind: 'bar' }));
    const [a, b] = parts.map(({ data }) => data);
    expect(a?.[3]).toBe(50);
    expect(b?.[3]).toBe(25);
    expect((a?.[0] ?? 0) + (a?.[2] ?? 0)).toBeLessThanOrEqual(b?.[0] ?? 0);
    expect((b?.[0] ?? 0) + (b?.[2] ?? 0)).toBeLessThanOrEqual(10);
  });

  it('shows in a heat map the greatest value of each cell, a row a line', () => {
    const { parts, range } = storeOf({ a: [0, 10], b: [5, NaN] }, 50).answer(ask({ kind: 'heatmap' }));
    expect(parts[0]?.across).toBe(2);
    expect([...(parts[0]?.data ?? [])]).toEqual([0, 1, 0.5, NaN]);
    expect(range).toEqual({ min: 0, max: 10 });
  });

  it('draws very many dots as the pixels they cover', () => {
    const count = 50_000;
    const store = new Store();
    store.put(1, 'a', { times: { t0: 0, dt: 100 / count }, values: new Float64Array(count).fill(50), bucketMs: 0 });
    const { parts } = store.answer(ask({ kind: 'scatter', ids: ['a'] }));
    expect(parts[0]?.shape).toBe('rects');
    expect(rows(parts[0]?.data ?? new Float32Array(), 4, 0)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('answers coarsely before a large column has been read, and marks the answer as inexact', () => {
    const store = storeOf({ a: Array.from({ length: 300_000 }, (_, i) => i % 100) }, 1);
    const question = ask({ ids: ['a'], to: 300_000 });
    expect(store.isCold(question)).toBe(true);
    expect(store.answer(question, true).exact).toBe(false);
    expect(store.answer(question).exact).toBe(true);
    expect(store.isCold(question)).toBe(false);
  });

  it('forgets a plot and all it held', () => {
    const store = storeOf({ a: [1, 2, 3] });
    expect(store.bytes).toBeGreaterThan(0);
    store.drop(1);
    expect(store.bytes).toBe(0);
  });
});
