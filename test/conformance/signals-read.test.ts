import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { SignalStore } from '#backend/engines/signals/port.ts';
import { openTableSignals } from '#backend/engines/signals/table/index.ts';
import { aggregations } from '#common/contract/signals.ts';
import { examples } from '../support/chance.ts';
import { onPostgres, until } from './adapters.ts';
import { chunkStores, onEachSignalStore, type StoreOptions } from './signals-stores.ts';

const dayMs = 86_400_000;
type Point = readonly [t: number, value: number];
const cpu = (points: readonly Point[], host = 'a') => [{ name: 'cpu', unit: '%', labels: { host }, points }];
const ofCpu = { from: 'metric', name: 'cpu', labels: {} } as const;
const everything = { selector: ofCpu, from: 0, to: 1e13, aggregation: 'raw', bucketMs: 0, maxPoints: 1_000_000 } as const;
const run = (n: number, start = 0, stepMs = 1_000): Point[] => Array.from({ length: n }, (_, i) => [start + i * stepMs, (i * 7) % 101]);

onEachSignalStore('reading signals', (open: (options?: StoreOptions) => Promise<SignalStore>) => {
  it('returns first, last, least and greatest value of each column, like brute force', async () => {
    const signals = await open();
    let metric = 0;
    const point = fc.tuple(fc.integer({ min: 0, max: 30_000_000 }), fc.integer({ min: -1000, max: 1000 }));
    const points = fc.uniqueArray(point, { minLength: 1, maxLength: 60, selector: ([t]) => t });
    const range = fc.tuple(fc.nat(30_000_000), fc.integer({ min: 1, max: 30_000_000 }));
    const property = fc.asyncProperty(points, range, fc.integer({ min: 1, max: 5_000 }), async (all, [from, length], columns) => {
      const name = `m${++metric}`;
      const to = from + length;
      // Records whose extremes are not those of the line that is drawn through their averages.
      const t = all.map(([at]) => at);
      const v = all.map(([, value]) => value);
      await signals.appendSignals(name, {
        segment: all.map(() => 's'),
        t,
        count: all.map(() => 3),
        min: v.map((value) => value - 5),
        max: v.map((value) => value + 5),
        avg: v,
        sum: v.map((value) => value * 3),
      });
      const inside = all.filter(([at]) => at >= from && at < to).sort(([a], [b]) => a - b);
      const columnOf = (at: number) => {
        let column = 0;
        while (at >= from + ((column + 1) * length) / columns) column += 1;
        return column;
      };
      const parts = [...Map.groupBy(inside, ([at]) => columnOf(at))];
      const [line, ...others] = await signals.columns({ selector: { from: 'signal', loaderCode: name }, from, to, columns });
      expect(others).toEqual([]);
      const column = (of: (part: Point[]) => number) => Float64Array.from(parts, ([, part]) => of(part));
      const expected = {
        labels: { loader: name, segment: 's' },
        column: Int32Array.from(parts, ([i]) => i),
        from: column((part) => part[0]?.[0] ?? 0),
        to: column((part) => part.at(-1)?.[0] ?? 0),
        first: column((part) => part[0]?.[1] ?? 0),
        last: column((part) => part.at(-1)?.[1] ?? 0),
        min: column((part) => Math.min(...part.map(([, value]) => value))),
        max: column((part) => Math.max(...part.map(([, value]) => value))),
      };
      expect(line).toEqual(inside.length === 0 ? undefined : expected);
    });
    await fc.assert(property, { numRuns: examples(40) });
  });

  /** Each with a time its clocks change; in Beirut at midnight, which does not exist that day. */
  const zones: [zone: string, change: string][] = [
    ['Europe/Berlin', '2026-03-29T01:00Z'],
    ['Europe/Berlin', '2026-10-25T01:00Z'],
    ['America/New_York', '2026-03-08T07:00Z'],
    ['America/New_York', '2026-11-01T06:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
    ['Asia/Beirut', '2026-03-28T22:00Z'],
  ];
  it.each(zones)('follows the calendar of %s around %s', async (timeZone, change) => {
    const signals = await open();
    const middle = Date.parse(change);
    const date = new Intl.DateTimeFormat('en-CA', { timeZone });
    const points = run(6 * 48, middle - 3 * dayMs, 1_800_000 - 1);
    await signals.appendMetrics(cpu(points));
    const days = [...Map.groupBy(points, ([t]) => date.format(t))];
    for (const aggregation of aggregations.filter((one) => one !== 'raw')) {
      const [line] = await signals.query({ ...everything, aggregation, bucketMs: dayMs, timeZone });
      expect(Array.from(line?.t ?? [], (t) => date.format(t))).toEqual(days.map(([day]) => day));
      // The first instant of its day, to the millisecond.
      for (const t of line?.t ?? []) expect(date.format(t - 1)).not.toBe(date.format(t));
      if (aggregation === 'count') expect([...(line?.v ?? [])]).toEqual(days.map(([, inside]) => inside.length));
      if (aggregation === 'last') expect([...(line?.v ?? [])]).toEqual(days.map(([, inside]) => inside.at(-1)?.[1]));
      if (aggregation === 'max') expect([...(line?.v ?? [])]).toEqual(days.map(([, inside]) => Math.max(...inside.map(([, v]) => v))));
      if (aggregation === 'p50') {
        const middles = days.map(([, inside]) => {
          const sorted = inside.map(([, v]) => v).sort((a, b) => a - b);
          const half = (sorted.length - 1) / 2;
          return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2;
        });
        expect([...(line?.v ?? [])]).toEqual(middles);
      }
    }
  });

  it('refuses a time zone with other buckets than days, and an invalid width', async () => {
    const signals = await open();
    const zoned = signals.query({ ...everything, aggregation: 'avg', bucketMs: 60_000, timeZone: 'Europe/Berlin' });
    await expect(zoned).rejects.toMatchObject({ code: 'validation_failed', field: 'timeZone' });
    const odd = signals.query({ ...everything, aggregation: 'avg', bucketMs: 0.5 });
    await expect(odd).rejects.toMatchObject({ code: 'validation_failed', field: 'bucketMs' });
  });

  it('refuses to read too much, with the amount and a hint', async () => {
    const signals = await open({ maxPointsRead: 1_000 });
    await signals.appendMetrics([...cpu(run(800)), ...cpu(run(1_200), 'b')]);
    for (const aggregation of ['raw', 'p95'] as const) {
      await expect(signals.query({ ...everything, aggregation, bucketMs: 60_000 })).rejects.toMatchObject({
        code: 'query_too_large',
        message: expect.stringMatching(/about [\d,]+ points of \d series.*limit is 1,000/),
        hint: expect.stringContaining('shorter range'),
      });
    }
    const [line] = await signals.query({
      ...everything,
      selector: { ...ofCpu, labels: { host: 'a' } },
      aggregation: 'p95',
      bucketMs: 3_600_000,
    });
    expect(line?.v).toHaveLength(1);
  });

  it('estimates the contents of a range, never too low', async () => {
    const signals = await open();
    await signals.appendMetrics([...cpu(run(5_000)), ...cpu(run(10, 5 * dayMs), 'b')]);
    expect(await signals.estimate({ selector: ofCpu, from: 0, to: 1e13 })).toEqual({ series: 2, points: 5_010 });
    const part = await signals.estimate({ selector: ofCpu, from: 1_000_000, to: 2_000_000 });
    expect(part.series).toBe(1);
    expect(part.points).toBeGreaterThanOrEqual(1_000);
    expect(part.points).toBeLessThanOrEqual(5_000);
    expect(await signals.estimate({ selector: { ...ofCpu, name: 'nothing' }, from: 0, to: 1e13 })).toEqual({ series: 0, points: 0 });
  });

  it('stops slow and cancelled queries; the next query is answered', async () => {
    const signals = await open();
    await signals.appendMetrics(cpu(run(10_000)));
    const question = { ...everything, aggregation: 'p99', bucketMs: 1_000 } as const;
    await expect(signals.query(question, { timeoutMs: 0 })).rejects.toMatchObject({
      code: 'timeout',
      hint: expect.stringContaining('shorter'),
    });
    await expect(signals.columns({ selector: ofCpu, from: 0, to: 4e7, columns: 900 }, { timeoutMs: 0 })).rejects.toMatchObject({
      code: 'timeout',
    });
    const given = new AbortController();
    const answer = signals.query(question, { signal: given.signal });
    given.abort(new Error('nobody waits'));
    await expect(answer).rejects.toThrow('nobody waits');
    await expect(signals.query(question, { signal: given.signal })).rejects.toThrow('nobody waits');
    // A stopped query may take a moment to end.
    const [line] = await signals.query({ ...question, to: 1_000_000 }, { timeoutMs: 50_000 });
    expect(line?.t).toHaveLength(1_000);
  });
});

describe('a long query on chunks', () => {
  const { open } = chunkStores();
  const hours = 400;
  const filled = async () => {
    const signals = await open();
    for (let day = 0; day < hours / 20; day++) {
      const t = Float64Array.from({ length: 72_000 }, (_, i) => (day * 72_000 + i) * 1_000);
      await signals.append([{ kind: 'metric', name: 'cpu', labels: { host: 'a' }, unit: '', points: { t, v: t.map((at) => at % 977) } }]);
    }
    return signals;
  };
  /** Reads every point. */
  const long = { ...everything, aggregation: 'p95', bucketMs: 5_000 } as const;

  it('lets writes and short queries run in between, and ends when it is cancelled', async () => {
    const signals = await filled();
    const order: string[] = [];
    const note = (what: string) => () => void order.push(what);
    const answer = signals.query(long).then((lines) => {
      order.push('long');
      return lines;
    });
    // One after the other: each is sent once the one before was answered, so each shows a place where the question stood aside.
    for (let i = 0; i < 5; i++) {
      await signals.appendMetrics(cpu([[i, i]], 'live')).then(note('write'));
      await signals.series({ ...ofCpu, labels: { host: 'live' } }).then(note('read'));
    }
    const [line] = await answer;
    // How many finish before it ends depends on the disk; it did not delay the first of them.
    expect(order.filter((what) => what !== 'long')).toEqual(Array.from({ length: 5 }, () => ['write', 'read']).flat());
    expect(order.indexOf('long')).toBeGreaterThanOrEqual(4);
    expect(line?.t).toHaveLength((hours * 3_600) / 5);

    const given = new AbortController();
    order.length = 0;
    const first = signals.query(long, { signal: given.signal }).catch(note('given up'));
    // It came later and takes as long: it is answered, without waiting for the other.
    const second = signals.query(long).then(note('answered'));
    await signals.appendMetrics(cpu([[1, 1]], 'live'));
    given.abort();
    await Promise.all([first, second]);
    expect(order).toEqual(['given up', 'answered']);
  }, 60_000);
});

onPostgres('a question to the table', (adapter) => {
  it('is cancelled in the server', async () => {
    const database = await adapter.open();
    const signals = openTableSignals(database);
    await signals.appendMetrics(cpu(run(10)));
    const running = async () => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
        where state = 'active' and wait_event_type = 'Lock'`.execute(database.query);
      return rows[0]?.n ?? 0;
    };
    await database.query.transaction().execute(async (tx) => {
      const given = new AbortController();
      await sql`lock table points in access exclusive mode`.execute(tx);
      const answer = signals.query({ ...everything, aggregation: 'avg', bucketMs: 1_000 }, { signal: given.signal });
      const ended = expect(answer).rejects.toThrow('nobody waits');
      const isWaiting = await until('the statement waits', async () => (await running()) === 1, 3_000).then(
        () => true,
        () => false,
      );
      given.abort(new Error('nobody waits'));
      await ended;
      expect([isWaiting, await running()]).toEqual([true, 0]);
    });
    expect(await signals.query({ ...everything, aggregation: 'avg', bucketMs: 1_000 })).toHaveLength(1);
  });
});
