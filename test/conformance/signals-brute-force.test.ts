import { describe, expect, it } from 'vitest';
import { openSignalStore } from '#backend/engines/signals/open.ts';
import type { SeriesPoints, SignalColumns, SignalStore } from '#backend/engines/signals/port.ts';
import { type Aggregation, aggregations, buckets } from '#common/contract/signals.ts';
import { isExploring, randomFrom, seed } from '../support/chance.ts';
import { onPostgres } from './adapters.ts';
import { chunkStores } from './signals-stores.ts';

/** Zones with whole, half and quarter hours; clocks that change by half an hour, and at midnight, which then does not exist or comes twice. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Asia/Beirut',
  'America/Havana',
  'Africa/Cairo',
  'America/Santiago',
];
/** Around days on which those change their clocks, in both directions. */
const seasons = [
  [Date.UTC(2025, 9, 24), Date.UTC(2025, 10, 4)],
  [Date.UTC(2026, 2, 6), Date.UTC(2026, 3, 26)],
] as const;
const dayMs = 86_400_000;
const quarterMs = 900_000;
const segments = ['belt-1', 'BELT-1', 'belt 2'];

interface Rec {
  t: number;
  count: number;
  min: number;
  max: number;
  avg: number;
}
/** The points of one segment that are kept, times ascending. */
type Standing = Map<string, Rec[]>;

/** Stores points in any order, some of them late and some of them twice. @returns the points that are kept in the end */
async function write(store: SignalStore, points: number, random: () => number): Promise<Standing> {
  const whole = (below: number) => Math.floor(random() * below);
  const standing = new Map(segments.map((segment) => [segment, new Map<number, Rec>()]));
  const written: { segment: string; t: number }[] = [];
  for (let left = points; left > 0; ) {
    const size = Math.min(left, 1 + whole(4_000));
    left -= size;
    const [from, to] = seasons[whole(seasons.length)] ?? seasons[0];
    // Half of the batches are dense, so that buckets of seconds and minutes hold several points.
    const width = random() < 0.5 ? 3_600_000 : to - from;
    const start = from + whole(to - from - width);
    const columns: SignalColumns = { segment: [], t: [], count: [], min: [], max: [], avg: [], sum: [] };
    for (let i = 0; i < size; i++) {
      const again = written.length > 0 && random() < 0.1 ? written[whole(written.length)] : undefined;
      const { segment, t } = again ?? { segment: segments[whole(segments.length)] ?? '', t: start + whole(width) };
      // Quarters: their sums and averages by count are exact, in whatever order they are added up.
      const [avg, count] = [(whole(80_000) - 40_000) / 4, 1 + whole(9)];
      const record = { t, count, avg, min: avg - whole(100) / 4, max: avg + whole(100) / 4 };
      written.push({ segment, t });
      standing.get(segment)?.set(t, record);
      columns.segment.push(segment);
      columns.sum.push(avg * count);
      for (const name of ['t', 'count', 'min', 'max', 'avg'] as const) columns[name].push(record[name]);
    }
    await store.appendSignals('brute', columns);
  }
  return new Map(Array.from(standing, ([segment, records]) => [segment, [...records.values()].sort((a, b) => a.t - b.t)]));
}

/** Starts of the local days, found by asking Intl for the date of every quarter of an hour. */
function daysOf(timeZone: string): (t: number) => number {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const starts = new Map<number, number>();
  for (const [from, to] of seasons) {
    let [date, start] = ['', 0];
    for (let quarter = from - 2 * dayMs; quarter < to + 2 * dayMs; quarter += quarterMs) {
      const here = format.format(quarter);
      // Clocks that go back over midnight bring yesterday's date again: that is still the day that has begun.
      if (here > date) [date, start] = [here, quarter];
      starts.set(quarter, start);
    }
  }
  return (t) => starts.get(Math.floor(t / quarterMs) * quarterMs) ?? Number.NaN;
}

/** As `percentile_cont` is defined in SQL. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (percent * (sorted.length - 1)) / 100;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  return low + ((sorted[Math.ceil(at)] ?? Number.NaN) - low) * (at - Math.floor(at));
}

function expectedOf(members: readonly Rec[], aggregation: Aggregation): number {
  const total = (of: (record: Rec) => number) => members.reduce((sum, record) => sum + of(record), 0);
  switch (aggregation) {
    case 'count':
      return total(({ count }) => count);
    case 'sum':
      return total(({ avg, count }) => avg * count);
    case 'min':
      return Math.min(...members.map(({ min }) => min));
    case 'max':
      return Math.max(...members.map(({ max }) => max));
    case 'last':
      return members.at(-1)?.avg ?? Number.NaN;
    case 'p50':
    case 'p95':
    case 'p99':
      return percentile(
        members.map(({ avg }) => avg),
        Number(aggregation.slice(1)),
      );
    default:
      return total(({ avg, count }) => avg * count) / total(({ count }) => count);
  }
}

interface Question {
  from: number;
  to: number;
  aggregation: Aggregation;
  bucketMs: number;
  timeZone?: string;
}

/** The expected records of a range, by segment and start of their bucket. */
type Wanted = Map<string, Map<number, Rec[]>>;

function bucketed(standing: Standing, { from, to }: Pick<Question, 'from' | 'to'>, startOf: (t: number) => number): Wanted {
  const inside = (records: readonly Rec[]) => records.filter(({ t }) => t >= from && t < to);
  return new Map(Array.from(standing, ([segment, records]) => [segment, Map.groupBy(inside(records), ({ t }) => startOf(t))]));
}

/** Compares an answer with what is wanted. @returns how many values were compared */
function compare(lines: readonly SeriesPoints[], wanted: Wanted, question: Question): number {
  const isInterpolated = question.aggregation.startsWith('p');
  let compared = 0;
  for (const [segment, groups] of wanted) {
    const line = lines.find(({ labels }) => labels['segment'] === segment);
    if ((line?.t.length ?? 0) !== groups.size)
      expect({ ...question, segment, n: line?.t.length }).toEqual({ ...question, segment, n: groups.size });
    let i = 0;
    for (const [start, members] of groups) {
      const value = expectedOf(members, question.aggregation);
      const [t, v] = [line?.t[i] ?? Number.NaN, line?.v[i] ?? Number.NaN];
      // A percentile between two values may differ in its last bit, everything else is exact.
      const isEqual = v === value || (isInterpolated && Math.abs(v - value) <= 1e-12 * Math.abs(value) + 1e-12);
      if (t !== start || !isEqual) expect({ ...question, segment, t, v }).toEqual({ ...question, segment, t: start, v: value });
      i += 1;
    }
    compared += i;
  }
  return compared;
}

/** @param minValues that must have been compared, so that the data still covers what it should */
function bruteForce(open: () => Promise<SignalStore>, points: number, minValues: number): void {
  it('every bucket is right, whatever its width, its zone and its aggregation', async () => {
    const random = randomFrom(seed);
    const store = await open();
    const standing = await write(store, points, random);
    const whole = { from: seasons[0][0], to: seasons[1][1] };
    const moment = () => whole.from + Math.floor(random() * (whole.to - whole.from));
    const part = () => {
      const [a, b] = [moment(), moment()];
      return { from: Math.min(a, b), to: Math.max(a, b) + 1 };
    };
    const ask = async (width: Pick<Question, 'bucketMs' | 'timeZone'>, startOf: (t: number) => number, asked: readonly Aggregation[]) => {
      let compared = 0;
      for (const range of [whole, part()]) {
        const wanted = bucketed(standing, range, startOf);
        for (const aggregation of asked) {
          const question = { ...range, ...width, aggregation };
          const lines = await store.query({ selector: { from: 'signal', loaderCode: 'brute' }, ...question, maxPoints: 5_000_000 });
          compared += compare(lines, wanted, question);
        }
      }
      return compared;
    };
    const inBuckets = aggregations.filter((aggregation) => aggregation !== 'raw');
    let compared = await ask({ bucketMs: 0 }, (t) => t, ['raw', 'count', 'sum', 'min', 'max']);
    for (const bucketMs of Object.values(buckets)) compared += await ask({ bucketMs }, (t) => t - (t % bucketMs), inBuckets);
    for (const timeZone of zones) compared += await ask({ bucketMs: dayMs, timeZone }, daysOf(timeZone), inBuckets);
    expect(compared).toBeGreaterThan(minValues);
  }, 180_000);
}

describe('signals in chunks', () => {
  if (isExploring) bruteForce(chunkStores().open, 34_000, 1_300_000);
  else bruteForce(chunkStores().open, 12_000, 400_000);
});
onPostgres('signals in a table', ({ open }) => {
  const inTable = async () => openSignalStore(await open());
  if (isExploring) bruteForce(inTable, 9_000, 300_000);
  else bruteForce(inTable, 4_000, 100_000);
});
