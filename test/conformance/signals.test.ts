import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openChunkSignals } from '#backend/engines/signals/chunks/open.ts';
import { openSignalStore } from '#backend/engines/signals/open.ts';
import { fieldNames, type SignalColumns, type SignalStore } from '#backend/engines/signals/port.ts';
import { type Aggregation, aggregations } from '#common/contract/signals.ts';
import { endOfTimeMs } from '#common/contract/times.ts';
import { examples } from '../support/chance.ts';
import { onEachAdapter, until } from './adapters.ts';
import { chunkStores } from './signals-stores.ts';

interface Rec {
  segment: string;
  t: number;
  count: number;
  values: number[];
}
const record = fc.record({
  segment: fc.constantFrom('belt-1', 'belt-2', 'é "quoted"'),
  t: fc.integer({ min: 0, max: 5_000 }),
  count: fc.integer({ min: 1, max: 9 }),
  // Without -0, of which PostgreSQL's driver does not send the sign.
  values: fc.array(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0),
    { minLength: 1, maxLength: 4 },
  ),
});

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const columnsOf = (records: readonly Rec[]): SignalColumns => ({
  segment: records.map(({ segment }) => segment),
  t: records.map(({ t }) => t),
  count: records.map(({ count }) => count),
  min: records.map(({ values }) => Math.min(...values)),
  max: records.map(({ values }) => Math.max(...values)),
  avg: records.map(({ values }) => sum(values) / values.length),
  sum: records.map(({ count, values }) => (count * sum(values)) / values.length),
});

/** As `percentile_cont` is defined in SQL. */
function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = fraction * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  return low + ((sorted[Math.ceil(at)] ?? 0) - low) * (at - Math.floor(at));
}

/** Computes the expected answer from the stored records, the slow way. */
function bruteForce(standing: Iterable<Rec>, range: { from: number; to: number }, aggregation: Aggregation, bucketMs: number) {
  const width = aggregation === 'raw' || bucketMs === 0 ? 1 : bucketMs;
  const inside = [...standing].filter(({ t }) => t >= range.from && t < range.to);
  const lines = new Map<string, Map<number, number>>();
  for (const [key, members] of Map.groupBy(inside, ({ segment, t }) => `${Math.floor(t / width) * width}/${segment}`)) {
    const { min, max, avg, sum: sums, count } = columnsOf(members);
    const weighed = sum(avg.map((value, i) => value * (count[i] ?? 0))) / sum(count);
    const newest = members.toSorted((a, b) => a.t - b.t).at(-1);
    const value = {
      raw: weighed,
      avg: weighed,
      sum: sum(sums),
      min: Math.min(...min),
      max: Math.max(...max),
      count: sum(count),
      last: newest === undefined ? 0 : sum(newest.values) / newest.values.length,
      p50: percentile(avg, 0.5),
      p95: percentile(avg, 0.95),
      p99: percentile(avg, 0.99),
    }[aggregation];
    const slash = key.indexOf('/');
    const segment = key.slice(slash + 1);
    lines.set(segment, (lines.get(segment) ?? new Map()).set(Number(key.slice(0, slash)), value));
  }
  return lines;
}

onEachAdapter('signals in a table', ({ open }) => {
  conformance(async () => openSignalStore(await open()), 50_000);

  it('lets two processes create the same series at once', async () => {
    const database = await open();
    const stores = Array.from({ length: 4 }, () => openSignalStore(database));
    await Promise.all(stores.map((signals, i) => one(signals, i, i)));
    const [line, ...others] = await (stores[0] as SignalStore).query({
      selector: { from: 'signal', loaderCode: 'loader' },
      ...all,
      aggregation: 'raw',
      bucketMs: 0,
      maxPoints: 10,
    });
    expect([[...(line?.v ?? [])], others]).toEqual([[0, 1, 2, 3], []]);
  });
});

describe('signals in chunks', () => {
  const { open, fresh } = chunkStores();
  // By hours, 500 a call.
  conformance(() => open(), Infinity);

  it('lets one process use the file, and refuses the other', async () => {
    const file = fresh();
    const holder = await openChunkSignals(file);
    await one(holder, 1, 1);
    await expect(openChunkSignals(file)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(file) });
    await holder.close();
  });

  it('refuses a time that no chunk can store, and stores nothing of the batch', async () => {
    const store = await open();
    const points = [
      [1, 1],
      [1e15, 1],
    ] as const;
    const wrong = store.appendMetrics([{ name: 'cpu', unit: '', labels: {}, points }]);
    await expect(wrong).rejects.toMatchObject({ code: 'validation_failed', field: 't', message: expect.stringContaining('Row 2') });
    expect(await store.metricSeries()).toEqual([]);
  });

  it('stores many writes independently: a refused one does not affect the others', async () => {
    const store = await open();
    const results = await Promise.allSettled(Array.from({ length: 300 }, (_, i) => one(store, i === 17 ? 1e15 : i, i, `s${i % 7}`)));
    expect(results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([17]);
    const lines = await store.query({
      selector: { from: 'signal', loaderCode: 'loader' },
      ...all,
      aggregation: 'raw',
      bucketMs: 0,
      maxPoints: 300,
    });
    expect(lines.flatMap(({ v }) => [...v]).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 300 }, (_, i) => i).filter((i) => i !== 17),
    );
  });
});

const all = { from: 0, to: 10_000_000 };
const one = (signals: SignalStore, t: number, value: number, segment = 's') =>
  signals.appendSignals('loader', { segment: [segment], t: [t], count: [1], min: [value], max: [value], avg: [value], sum: [value] });

/** Tests that every store must pass. @param maxPointsExpired maximum number of points that one call of `expire` removes */
function conformance(store: () => Promise<SignalStore>, maxPointsExpired: number): void {
  it('aggregates like brute force, for any points in any order, also repeated', async () => {
    const signals = await store();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(record, { maxLength: 40 }), { minLength: 1, maxLength: 4 }),
        fc.tuple(fc.integer({ min: 0, max: 5_500 }), fc.integer({ min: 0, max: 5_500 })),
        fc.constantFrom(...aggregations),
        fc.constantFrom(0, 1, 7, 100, 1_000, 86_400_000),
        async (batches, [a, b], aggregation, bucketMs) => {
          const loaderCode = `loader-${++run}`;
          const standing = new Map<string, Rec>();
          for (const batch of batches) {
            await signals.appendSignals(loaderCode, columnsOf(batch));
            for (const rec of batch) standing.set(`${rec.t}/${rec.segment}`, rec);
          }
          const range = { from: Math.min(a, b), to: Math.max(a, b) };
          const selector = { from: 'signal' as const, loaderCode };
          const answer = await signals.query({ selector, ...range, aggregation, bucketMs, maxPoints: 10_000 });
          const expected = bruteForce(standing.values(), range, aggregation, bucketMs);
          expect(answer.map(({ labels }) => labels['segment']).sort()).toEqual([...expected.keys()].sort());
          for (const { labels, t, v } of answer) {
            const line = expected.get(labels['segment'] ?? '') ?? new Map();
            expect([...t]).toEqual([...line.keys()].sort((x, y) => x - y));
            for (const [i, time] of t.entries()) expect(v[i]).toBeCloseTo(line.get(time) ?? Number.NaN, 3);
          }
          const whole = await signals.query({ selector, ...range, aggregation, bucketMs, maxPoints: 1_000_000, withFields: true });
          expect(whole.map(({ labels, t, v }) => ({ labels, t, v }))).toEqual(answer.map(({ labels, t, v }) => ({ labels, t, v })));
          for (const name of fieldNames) {
            const wanted = bruteForce(standing.values(), range, name, aggregation === 'raw' ? 0 : bucketMs);
            for (const { labels, t, fields } of whole) {
              for (const [i, time] of t.entries()) {
                expect(fields?.[name][i]).toBeCloseTo(wanted.get(labels['segment'] ?? '')?.get(time) ?? Number.NaN, 3);
              }
            }
          }
          for (const summary of await signals.summarise({ selector, ...range })) {
            const mine = [...standing.values()].filter((rec) => rec.segment === summary.labels['segment']);
            const inside = mine.filter(({ t }) => t >= range.from && t < range.to);
            const { min, max } = columnsOf(inside);
            expect(summary).toMatchObject({
              lastAt: Math.max(...mine.map(({ t }) => t)),
              points: inside.length,
              min: inside.length === 0 ? null : Math.min(...min),
              max: inside.length === 0 ? null : Math.max(...max),
            });
          }
        },
      ),
      { numRuns: examples(60) },
    );
  });

  it('returns exact records, by time then segment, and one more than the limit if there are more', async () => {
    const signals = await store();
    const at = 1_790_000_000_123;
    const values = [0.1 + 0.2, Number.MAX_VALUE, -5e-324];
    await signals.appendSignals('loader', {
      segment: ['b', 'a', 'a'],
      t: [at, at, at - 1],
      count: [3, 1, 2],
      min: values,
      max: values,
      avg: values,
      sum: values,
    });
    const found = await signals.records('loader', { from: at - 1, to: at + 1, limit: 10 });
    expect(found).toMatchObject({
      segment: ['a', 'a', 'b'],
      t: [at - 1, at, at],
      count: [2, 1, 3],
      avg: [values[2], values[1], values[0]],
    });
    expect((await signals.records('loader', { from: at - 1, to: at + 1, limit: 1 })).t).toHaveLength(2);
    expect((await signals.records('loader', { from: at, to: at + 1, segment: 'b', limit: 10 })).segment).toEqual(['b']);
    expect((await signals.records('nobody', { from: 0, to: at, limit: 10 })).t).toEqual([]);
  });

  it('keeps metrics apart by name and labels, and finds them by any of the labels', async () => {
    const signals = await store();
    const metric = (name: string, labels: Record<string, string>, value: number, unit = '%') => ({
      name,
      unit,
      labels,
      points: [[1_000, value]] as const,
    });
    await signals.appendMetrics([
      metric('cpu', { host: 'a' }, 1),
      metric('cpu', { host: 'b', core: '0' }, 2),
      metric('load', { host: 'a' }, 3, ''),
    ]);
    const values = async (name: string, labels: Record<string, string>) =>
      (
        await signals.query({ selector: { from: 'metric', name, labels }, ...all, aggregation: 'avg', bucketMs: 500, maxPoints: 10 })
      ).flatMap(({ v }) => [...v]);
    expect([await values('cpu', {}), await values('cpu', { host: 'b' }), await values('cpu', { host: 'c' })]).toEqual([
      expect.arrayContaining([1, 2]),
      [2],
      [],
    ]);
    expect(await signals.metricSeries()).toEqual([
      { name: 'cpu', unit: '%', labels: { host: 'b', core: '0' }, lastAt: 1_000 },
      { name: 'cpu', unit: '%', labels: { host: 'a' }, lastAt: 1_000 },
      { name: 'load', unit: '', labels: { host: 'a' }, lastAt: 1_000 },
    ]);
  });

  it('accepts labels in any order for the same series, and a later unit', async () => {
    const signals = await store();
    await signals.appendMetrics([{ name: 'disk', unit: '', labels: { host: 'a', mount: '/' }, points: [[1, 1]] }]);
    await signals.appendMetrics([{ name: 'disk', unit: 'B', labels: { mount: '/', host: 'a' }, points: [[2, 2]] }]);
    expect(await signals.metricSeries()).toEqual([{ name: 'disk', unit: 'B', labels: { host: 'a', mount: '/' }, lastAt: 2 }]);
  });

  it('refuses an answer that would be too large, with a hint', async () => {
    const signals = await store();
    for (const t of [1, 2, 3]) await one(signals, t, t);
    const ask = (maxPoints: number, bucketMs: number) =>
      signals.query({ selector: { from: 'signal', loaderCode: 'loader' }, ...all, aggregation: 'sum', bucketMs, maxPoints });
    await expect(ask(2, 0)).rejects.toMatchObject({ code: 'query_too_large', hint: expect.stringContaining('wider bucket') });
    await expect(ask(2, 1)).rejects.toMatchObject({ code: 'query_too_large' });
    expect((await ask(3, 1))[0]?.v).toEqual(Float64Array.of(1, 2, 3));
    expect((await ask(1, 100))[0]?.v).toEqual(Float64Array.of(6));
  });

  it('leaves an average of nothing out instead of calling it 0', async () => {
    const signals = await store();
    await signals.appendSignals('loader', { segment: ['s'], t: [5], count: [0], min: [0], max: [0], avg: [0], sum: [0] });
    const selector = { from: 'signal' as const, loaderCode: 'loader' };
    expect(await signals.query({ selector, ...all, aggregation: 'avg', bucketMs: 10, maxPoints: 10 })).toEqual([]);
    expect(await signals.summarise({ selector, ...all })).toMatchObject([{ points: 1, avg: null }]);
  });

  it('refuses a batch with a value that cannot be stored, with row and column, and stores nothing of it', async () => {
    const signals = await store();
    const bad = { segment: ['s', 's'], t: [1, 2], count: [1, 1], min: [0, 0], max: [0, 0], avg: [0, Number.NaN], sum: [0, 0] };
    await expect(signals.appendSignals('loader', bad)).rejects.toMatchObject({
      code: 'validation_failed',
      field: 'avg',
      message: expect.stringContaining('Row 2'),
    });
    for (const t of [1.5, -1, endOfTimeMs, 1_760_000_000_000_000]) {
      const points = [[t, 1]] as const;
      await expect(signals.appendMetrics([{ name: 'cpu', unit: '', labels: {}, points }])).rejects.toMatchObject({
        code: 'validation_failed',
        field: 't',
      });
    }
    const good = { ...bad, avg: [0, 0] };
    const late = { ...good, t: [1, endOfTimeMs] };
    const batches = [
      { loaderCode: 'loader', records: good },
      { loaderCode: 'second', records: late },
    ];
    await expect(signals.appendSignalBatches(batches)).rejects.toMatchObject({ code: 'validation_failed', field: 't' });
    expect([await signals.series({ from: 'signal', loaderCode: 'loader' }), await signals.metricSeries()]).toEqual([[], []]);
  });

  it('stores several loaders at once, up to the last possible time, and returns calendar days only where they exist', async () => {
    const signals = await store();
    const last = endOfTimeMs - 1;
    const records = { segment: ['s', 's'], t: [1, last], count: [1, 1], min: [2, 3], max: [2, 3], avg: [2, 3], sum: [2, 3] };
    await signals.appendSignalBatches([
      { loaderCode: 'first', records },
      { loaderCode: 'second', records: { ...records, segment: ['a', 'b'] } },
    ]);
    const whole = { from: 0, to: endOfTimeMs };
    expect((await signals.records('first', { ...whole, limit: 10 })).t).toEqual([1, last]);
    expect((await signals.records('second', { ...whole, limit: 10 })).segment).toEqual(['a', 'b']);
    const selector = { from: 'signal' as const, loaderCode: 'first' };
    const days = { selector, aggregation: 'sum' as const, bucketMs: 86_400_000, timeZone: 'Europe/Berlin', maxPoints: 10 };
    // Two thousand years of days are answered at once or refused at once, by either store.
    const answer = await signals.query({ ...days, ...whole }).then(
      ([line]) => Array.from(line?.v ?? []),
      (error: { code: string }) => error.code,
    );
    expect([[2, 3], 'query_too_large']).toContainEqual(answer);
    const [ended] = await signals.query({ ...days, from: last - 86_400_000, to: endOfTimeMs });
    expect(Array.from(ended?.v ?? [])).toEqual([3]);
  });

  it('deletes the points of given series in an interval, and keeps points written there afterwards', async () => {
    const signals = await store();
    let run = 0;
    const stretch = fc.record({ segment: fc.constantFrom('belt-1', 'belt-2', undefined), ends: fc.tuple(fc.nat(5_500), fc.nat(5_500)) });
    const steps = fc.array(fc.oneof(fc.array(record, { maxLength: 30 }), stretch), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const loaderCode = `deleted-${++run}`;
        const standing = new Map<string, Rec>();
        for (const step of steps) {
          if (Array.isArray(step)) {
            await signals.appendSignals(loaderCode, columnsOf(step));
            for (const rec of step) standing.set(`${rec.t}/${rec.segment}`, rec);
            continue;
          }
          const { segment, ends } = step;
          const [from, to] = [Math.min(...ends), Math.max(...ends)];
          const selector = { from: 'signal' as const, loaderCode, ...(segment === undefined ? {} : { segmentCode: segment }) };
          const gone = [...standing].filter(([, rec]) => rec.t >= from && rec.t < to && (segment ?? rec.segment) === rec.segment);
          expect(await signals.remove({ selector, from, to })).toBe(gone.length);
          for (const [key] of gone) standing.delete(key);
        }
        const selector = { from: 'signal' as const, loaderCode };
        const left = await signals.records(loaderCode, { ...all, limit: 1_000 });
        const key = (t: number, segment: string) => `${t}/${segment}`;
        expect(left.t.map((t, i) => key(t, left.segment[i] ?? '')).sort()).toEqual([...standing.keys()].sort());
        for (const { labels, points, sum: total } of await signals.summarise({ selector, ...all })) {
          const mine = [...standing.values()].filter(({ segment }) => segment === labels['segment']);
          expect(points).toBe(mine.length);
          expect(total ?? 0).toBeCloseTo(sum(columnsOf(mine).sum), 3);
        }
      }),
      { numRuns: examples(40) },
    );
  });

  it('still lists a series whose points were deleted, with the time of its newest point', async () => {
    const signals = await store();
    await signals.appendMetrics([
      {
        name: 'cpu',
        unit: '%',
        labels: { host: 'a' },
        points: [
          [5, 1],
          [900, 2],
        ],
      },
    ]);
    await signals.appendMetrics([{ name: 'cpu', unit: '%', labels: { host: 'b' }, points: [[7, 3]] }]);
    expect(await signals.remove({ selector: { from: 'metric', name: 'cpu', labels: { host: 'a' } }, from: 0, to: 8e15 })).toBe(2);
    expect(await signals.remove({ selector: { from: 'metric', name: 'disk', labels: {} }, from: 0, to: 8e15 })).toBe(0);
    expect(await signals.metricSeries()).toEqual([
      { name: 'cpu', unit: '%', labels: { host: 'a' }, lastAt: 900 },
      { name: 'cpu', unit: '%', labels: { host: 'b' }, lastAt: 7 },
    ]);
    const selector = { from: 'metric' as const, name: 'cpu', labels: {} };
    expect(await signals.query({ selector, ...all, aggregation: 'raw', bucketMs: 0, maxPoints: 9 })).toMatchObject([
      { labels: { host: 'b' } },
    ]);
  });

  it('reports how many points it has, and their oldest and newest time', async () => {
    const signals = await store();
    const before = await signals.health();
    expect(before).toMatchObject({ series: 0, oldestAt: null, newestAt: null, pending: { points: 0, bytes: 0 }, damage: [] });
    const at = Date.now();
    await one(signals, at, 1);
    await one(signals, at - 86_400_000, 2, 'other');
    // Counting may only take a twentieth of the time, so it may lag briefly.
    await until('health counts both series', async () => (await signals.health()).series === 2);
    const health = await signals.health();
    expect(health).toMatchObject({ series: 2, oldestAt: at - 86_400_000, newestAt: at, damage: [], restarted: null });
    expect(health.bytes).toBeGreaterThan(0);
    // The table counts no rows for it.
    if (before.points !== null) expect(health.points).toBe(2);
  });

  it('deletes old points, a bounded number per call, and still lists the series', async () => {
    const signals = await store();
    const n = 60_000;
    const column = (value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i));
    const same = column(() => 1);
    await signals.appendSignals('loader', {
      segment: Array(n).fill('s'),
      t: column((i) => i),
      count: same,
      min: same,
      max: same,
      avg: same,
      sum: same,
    });
    await one(signals, 5, 1, 'young');
    const gone: number[] = [];
    do gone.push(await signals.expire(n - 10));
    while (gone.at(-1) !== 0);
    expect(sum(gone)).toBe(59_991);
    expect(Math.max(...gone)).toBeLessThanOrEqual(maxPointsExpired);
    expect((await signals.records('loader', { ...all, limit: 20 })).t).toEqual(column((i) => i).slice(-10));
    expect(await signals.series({ from: 'signal', loaderCode: 'loader' })).toMatchObject([
      { labels: { segment: 's' }, lastAt: n - 1 },
      { labels: { segment: 'young' }, lastAt: 5 },
    ]);
  });
}
