import { defaultParseSearch, defaultStringifySearch } from '@tanstack/react-router';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chart, chartTypes } from '#common/contract/charts.ts';
import type { Loader } from '#common/contract/loaders.ts';
import { aggregations } from '#common/contract/signals.ts';
import { bucketChoices, type ChartSeries } from '#renderer/charts/index.ts';
import { comparisons } from '#renderer/charts/panel/compare.ts';
import { parseAddress } from '#renderer/domain/address.ts';
import { toCsv } from '#renderer/ui/export.ts';
import { csvColumns, cut, known, legendOf, timesOf, toJson, valueAt, wideRows, withDamage } from './lines.ts';
import {
  apartFrom,
  bucketsFor,
  draw,
  drawingOf,
  type ExploreAddress,
  exploreAddress,
  nextComparison,
  subjectsOf,
  whatOf,
  widerBucket,
} from './question.ts';

const line = (name: string, t: number[] = [], v: number[] = t): ChartSeries => ({ id: `0 ${name}`, name, place: 0, t, v });

describe('legend', () => {
  it('shows all where a link asks for lines that are not there', () => {
    const lines = [line('a'), line('b')];
    expect(known(['a', 'gone'], lines)).toEqual(['a', 'gone']);
    expect(known(['gone'], lines)).toBeUndefined();
  });
  it('marks the visible series', () => {
    const rows = legendOf([line('a', [1]), line('b', [2])], [], ['b'], { from: 0, to: 10 });
    expect(rows.map((row) => [row.name, row.shown, row.last])).toEqual([
      ['a', false, 1],
      ['b', true, 2],
    ]);
  });
  it('compares averages over the time that both have', () => {
    const today = line('a', [5, 6, 7], [12, 12, 12]);
    const yesterday = { ...line('a', [0, 5, 6, 7, 8, 9], [90, 10, 10, 10, 50, 90]), id: '0 a before' };
    const [row] = legendOf([today], [yesterday], undefined, { from: 0, to: 10 });
    expect(row?.against).toBe(2);
    expect(row?.againstShare).toBe(0.2);
    expect(legendOf([today], [], undefined, { from: 0, to: 10 })[0]?.against).toBeNull();
  });
});

describe('values', () => {
  const lines = [line('a', [0, 1000], [1, 2]), line('b', [1000], [5])];
  it('exports one row a time with empty cells where a line has no point', () => {
    expect(toCsv(csvColumns(lines, 'time', 'm/s'), wideRows(lines))).toBe(
      'time,a (m/s),b (m/s)\r\n1970-01-01T00:00:00.000Z,1,\r\n1970-01-01T00:00:01.000Z,2,5\r\n',
    );
  });
  it('exports what was asked with the points, and only those of the range', () => {
    const interval = { from: 0, to: 1_000 };
    const picture = {
      lines,
      shown: lines,
      overlays: [],
      interval,
      bucketMs: 1_000,
      asOf: 900,
      missing: [],
      damaged: [],
      damagedBefore: [],
      reading: false,
      problem: undefined,
    };
    const json = JSON.parse(toJson(picture, { title: 'Speed', unit: 'm/s', aggregation: 'avg' }));
    expect(json).toMatchObject({ title: 'Speed', bucketMs: 1_000, from: '1970-01-01T00:00:00.000Z', asOf: '1970-01-01T00:00:00.900Z' });
    expect(json.series).toEqual([
      { name: 'a', points: [[0, 1]] },
      { name: 'b', points: [] },
    ]);
    expect(cut(lines, interval).map(({ t }) => Array.from(t))).toEqual([[0], []]);
  });
  it('lists points that a damaged store lost in separate rows, in order of time', () => {
    const note = ({ to }: { to: number }) => `lost up to ${to}`;
    const rows = withDamage(wideRows([line('a', [0, 3_000], [1, 2])]), [{ from: 1_000, to: 2_500 }], note);
    const columns = csvColumns([line('a', [], [])], 'time', '', 'note');
    expect(columns.map(({ heading }) => heading)).toEqual(['time', 'a', 'note']);
    expect(rows.map((row) => columns.map(({ cell }) => cell(row)))).toEqual([
      ['1970-01-01T00:00:00.000Z', 1, null],
      ['1970-01-01T00:00:01.000Z', null, 'lost up to 2500'],
      ['1970-01-01T00:00:03.000Z', 2, null],
    ]);
    expect(csvColumns([], 'time', '').map(({ heading }) => heading)).toEqual(['time']);
  });
  it('has a row for each time of any line, and finds each value there', () => {
    const columns = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 12 }).map((times) => times.sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(columns, { maxLength: 4 }), (all) => {
        const some = all.map((t, i) =>
          line(
            `l${i}`,
            t,
            t.map((at) => at * 10 + i),
          ),
        );
        const times = [...timesOf(some)];
        expect(times).toEqual([...new Set(all.flat())].sort((a, b) => a - b));
        const rows = wideRows(some);
        expect(rows.map(({ at }) => at)).toEqual(times);
        some.forEach((one, i) => {
          for (const row of rows) {
            const expected = all[i]?.includes(row.at) ? row.at * 10 + i : null;
            expect(row.values[i]).toBe(expected);
            expect(valueAt(one, row.at)).toBe(expected);
          }
        });
      }),
    );
  });
});

describe('buckets', () => {
  it('offers only what a plot can show', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 366 * 86_400_000 }), (length) => {
        for (const ms of bucketsFor(length)) expect(length / ms >= 5 && length / ms <= 100_000).toBe(true);
        expect(bucketsFor(length).length).toBeGreaterThan(0);
      }),
    );
  });
  it('a remedy is wider than what was too much', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 366 * 86_400_000 }), fc.constantFrom(0, ...bucketChoices.slice(0, -1)), (length, now) => {
        expect(widerBucket(length, now)).toBeGreaterThan(now);
      }),
    );
    expect(widerBucket(86_400_000, 0)).toBe(60_000);
  });
});

const metric = (name: string, unit: string) => ({ name, unit, labels: {}, lastAt: 0 });
describe('what can be drawn', () => {
  const speed = chart.parse({
    code: 'speed',
    title: 'Speed',
    unit: 'm/s',
    type: 'area',
    selector: { from: 'signal', loaderCode: 'belt-speed' },
    version: 2,
    createdAt: 1,
    createdBy: 'a',
    updatedAt: 1,
    updatedBy: 'a',
  });
  const subjects = subjectsOf([speed], [], [metric('cpu', '%'), metric('cpu', '%'), metric('wind', 'm/s')]);
  const [first, cpu, wind] = subjects;
  if (!first || !cpu || !wind) throw new Error('Subjects are lacking.');

  it('is definitions, then each metric name once', () => {
    expect(subjects.map(({ what }) => what)).toEqual(['chart:speed', 'metric:cpu', 'metric:wind']);
    expect(first.drawing).not.toHaveProperty('version');
  });
  it('is drawn as saved unless the address says otherwise', () => {
    expect(drawingOf(first, {}, [])).toEqual(first.drawing);
    expect(drawingOf(first, { agg: 'p95', as: 'step', bucket: 60_000, log: true }, [])).toMatchObject({
      aggregation: 'p95',
      type: 'step',
      bucketMs: 60_000,
      scale: 'log',
    });
  });
  it('takes measures of its unit into the same chart, and gives others their own', () => {
    const address = { agg: 'max' } as const;
    expect(drawingOf(first, address, [cpu, wind]).beside).toEqual([{ selector: wind.drawing.selector, aggregation: 'max', name: 'wind' }]);
    expect(apartFrom(first, address, [cpu, wind]).map(({ what, drawing }) => [what, drawing.aggregation])).toEqual([['metric:cpu', 'max']]);
  });
});

describe('the address', () => {
  const address: fc.Arbitrary<ExploreAddress> = fc.record(
    {
      chart: fc.string({ minLength: 1 }),
      agg: fc.constantFrom(...aggregations),
      as: fc.constantFrom(...chartTypes),
      bucket: fc.constantFrom(...bucketChoices),
      compare: fc.constantFrom(...comparisons),
      log: fc.boolean(),
      only: fc.array(fc.string(), { maxLength: 5 }),
      beside: fc.array(fc.constantFrom('metric:cpu', 'loader:belt-speed'), { maxLength: 4 }),
      vars: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[a-z0-9*]{0,8}$/), { maxKeys: 3 }),
      table: fc.boolean(),
      paused: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  it('carries everything a picture depends on, through the text of a link', () => {
    fc.assert(
      fc.property(address, (one) => {
        // The router writes each parameter as JSON.
        const raw = JSON.parse(JSON.stringify(one)) as Record<string, unknown>;
        expect(parseAddress(exploreAddress, raw)).toEqual(raw);
      }),
    );
  });
  it.each([
    'E:\\',
    'a"b',
    'a,b',
    'a=b',
    '{x}',
    '50%',
    '%2F',
    'a/b',
    '..',
    'a+b',
    'a b',
    '#1',
    '☃',
    '007',
    'true',
    'null',
    '[1]',
    '&x=1',
    ' ',
  ])('leads to the series called %s, through the text of a link, and draws nothing else', (name) => {
    const href = `https://console/explore${defaultStringifySearch({ chart: 'c', series: { segment: name, loader: 'l' } })}`;
    const asked = parseAddress(exploreAddress, defaultParseSearch(new URL(href).search));
    expect(asked.series).toEqual({ segment: name, loader: 'l' });
    const [subject] = subjectsOf([], [{ code: 'l', name: 'L', unit: '' } as Loader], []);
    if (!subject) throw new Error('There is no subject.');
    expect(drawingOf(subject, asked, []).selector).toEqual({ from: 'signal', loaderCode: 'l', segmentCode: name });
  });
  it('leads to a series of a metric by all its labels', () => {
    const labels = { 'app.kubernetes.io/name': 'a"b', drive: 'E:\\' };
    const asked = parseAddress(exploreAddress, defaultParseSearch(defaultStringifySearch({ metric: 'm', series: labels })));
    const [subject] = subjectsOf([], [], [{ name: 'm', unit: '', labels: {}, lastAt: 0 }]);
    if (!subject) throw new Error('There is no subject.');
    expect(drawingOf(subject, asked, []).selector).toEqual({ from: 'metric', name: 'm', labels });
  });
  it('takes what cannot be meant for absent', () => {
    expect(parseAddress(exploreAddress, { bucket: 7, as: 'blob', agg: 'mode', beside: ['chart:x'], chart: 'speed' })).toEqual({
      chart: 'speed',
    });
  });
  it('draws one subject at a time, and keeps the bucket', () => {
    for (const what of ['chart:belt-speed', 'loader:belt-speed', 'metric:host_cpu_percent']) {
      const before = exploreAddress.parse({ chart: 'old', only: ['a'], agg: 'max', bucket: 60_000 });
      const after = { ...before, ...draw(what) };
      expect(whatOf(after)).toBe(what);
      expect(after.only).toBeUndefined();
      expect(after.bucket).toBe(60_000);
    }
  });
  it('steps through the comparisons and back to none', () => {
    expect([undefined, ...comparisons].map(nextComparison)).toEqual([...comparisons, undefined]);
  });
});
