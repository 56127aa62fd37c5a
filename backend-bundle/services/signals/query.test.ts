import { expect, test } from 'vitest';
import { flatten } from './query.ts';

const line = (segment: string, v: number[]) => ({
  labels: { segment },
  t: Float64Array.from(v, (_, i) => i * 1_000),
  v: Float64Array.from(v),
});

test('points come by time, then segment, in seconds; NaN becomes null', () => {
  const { points, downsampled } = flatten([line('b', [1, Number.NaN]), line('a', [2])], 10);
  expect(points).toEqual([
    { timestamp: 0, segmentCode: 'a', value: 2 },
    { timestamp: 0, segmentCode: 'b', value: 1 },
    { timestamp: 1, segmentCode: 'b', value: null },
  ]);
  expect(downsampled).toBe(false);
});

test('after downsampling, gaps stay gaps and values stay values', () => {
  const wave = (n: number) => Array.from({ length: n }, (_, i) => Math.sin(i / 10));
  const { points, downsampled } = flatten([line('a', [...wave(500), ...Array(300).fill(Number.NaN), ...wave(500)])], 100);
  expect(downsampled).toBe(true);
  expect(points.length).toBeLessThanOrEqual(100);
  expect(points.length).toBeGreaterThan(90);
  const gaps = points.filter(({ value }) => value === null);
  expect(gaps.map(({ timestamp }) => timestamp)).toEqual([500]);
  expect(points.map(({ timestamp }) => timestamp)).toEqual(points.map(({ timestamp }) => timestamp).toSorted((a, b) => a - b));
});

test('more gaps than allowed points are refused with a hint', () => {
  const holes = Array.from({ length: 100 }, (_, i) => (i % 2 ? Number.NaN : i));
  expect(() => flatten([line('a', holes)], 20)).toThrow(expect.objectContaining({ code: 'query_too_large', field: 'bucket' }));
  expect(() => flatten([line('a', [1]), line('b', [1])], 1)).toThrow(expect.objectContaining({ code: 'query_too_large', field: 'limit' }));
});
