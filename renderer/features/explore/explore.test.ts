import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesData } from '#common/contract/charts.ts';
import { toCsv } from '#renderer/ui/export.ts';
import { csvColumns, known, legendOf, linesOf, namesOf, wideRows } from './lines.ts';
import { bucketOf, bucketsFor, draw, exploreAddress, isolate, subjectsOf, whatOf } from './question.ts';

const line = (labels: Record<string, string>, t: number[] = [], v: number[] = t): SeriesData => ({ labels, t, v });

describe('names of lines', () => {
  it('keeps only what tells them apart', () => {
    expect(namesOf([line({ host: 'a', mount: '/' }), line({ host: 'a', mount: '/home' })], 'Disk')).toEqual(['/', '/home']);
    expect(namesOf([line({ host: 'a' })], 'CPU')).toEqual(['a']);
    expect(namesOf([line({})], 'CPU')).toEqual(['CPU']);
  });
  it('never gives two lines one name', () => {
    const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y'));
    fc.assert(
      fc.property(fc.array(labels, { maxLength: 8 }), (all) => {
        const names = namesOf(
          all.map((one) => line(one)),
          'T',
        );
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
  it('orders lines the same whatever order they arrive in, numbers by size', () => {
    const series = ['belt-10', 'belt-2', 'belt-1'].map((segment) => line({ segment }));
    const order = (list: SeriesData[]) => linesOf(list, 'x').map((one) => `${one.place} ${one.name}`);
    expect(order(series)).toEqual(['0 belt-1', '1 belt-2', '2 belt-10']);
    expect(order([...series].reverse())).toEqual(order(series));
  });
});

describe('legend', () => {
  const all = ['a', 'b', 'c'];
  it('isolates by a click and shows all again by another', () => {
    expect(isolate(undefined, 'b', all, false)).toEqual(['b']);
    expect(isolate(['b'], 'b', all, false)).toBeUndefined();
  });
  it('adds and removes with Shift, and knows when all are back', () => {
    expect(isolate(['b'], 'a', all, true)).toEqual(['a', 'b']);
    expect(isolate(['a', 'b'], 'c', all, true)).toBeUndefined();
    expect(isolate(undefined, 'c', all, true)).toEqual(['a', 'b']);
    expect(isolate(['a'], 'a', all, true)).toBeUndefined();
  });
  it('shows all where a link asks for lines that are not there', () => {
    const lines = linesOf([line({ s: 'a' }), line({ s: 'b' })], 'x');
    expect(known(['a', 'gone'], lines)).toEqual(['a', 'gone']);
    expect(known(['gone'], lines)).toBeUndefined();
  });
  it('marks what is shown', () => {
    const lines = linesOf([line({ s: 'a' }, [1]), line({ s: 'b' }, [2])], 'x');
    expect(legendOf(lines, ['b'], { from: 0, to: 10 }).map((row) => [row.name, row.shown, row.last])).toEqual([
      ['a', false, 1],
      ['b', true, 2],
    ]);
  });
});

it('exports one row a time with empty cells where a line has no point', () => {
  const lines = linesOf([line({ s: 'a' }, [0, 1000], [1, 2]), line({ s: 'b' }, [1000], [5])], 'x');
  expect(toCsv(csvColumns(lines, 'time', 'm/s'), wideRows(lines))).toBe(
    'time,a (m/s),b (m/s)\r\n1970-01-01T00:00:00.000Z,1,\r\n1970-01-01T00:00:01.000Z,2,5\r\n',
  );
});

describe('buckets', () => {
  it('follow the choice, the width, or the points as stored', () => {
    expect(bucketOf({ bucket: 60_000 }, 'avg', 3_600_000, 1_000)).toBe(60_000);
    expect(bucketOf({}, 'avg', 3_600_000, 1_200)).toBe(10_000);
    expect(bucketOf({ bucket: 60_000 }, 'raw', 3_600_000, 1_200)).toBe(0);
  });
  it('offers only what a plot can show', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 366 * 86_400_000 }), (length) => {
        for (const ms of bucketsFor(length)) expect(length / ms >= 5 && length / ms <= 10_000).toBe(true);
        expect(bucketsFor(length).length).toBeGreaterThan(0);
      }),
    );
  });
});

it('offers definitions, loaders and each metric name once', () => {
  const metric = (mount: string) => ({ name: 'host_disk_percent', unit: '%', labels: { mount }, lastAt: 0 });
  expect(subjectsOf([], [], [metric('/'), metric('/home')]).map((one) => one.what)).toEqual(['metric:host_disk_percent']);
});

it('keeps what is drawn in the address, and one thing at a time', () => {
  for (const what of ['chart:belt-speed', 'loader:belt-speed', 'metric:host_cpu_percent']) {
    const before = exploreAddress.parse({ chart: 'old', only: ['a'], agg: 'max', bucket: 60_000 });
    const after = { ...before, ...draw(what) };
    expect(whatOf(after)).toBe(what);
    expect(after.only).toBeUndefined();
    expect(after.bucket).toBe(60_000);
  }
});
