import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '#backend/engines/database/open.ts';
import { openChunkSignals } from '#backend/engines/signals/chunks/open.ts';
import { openSignalStore } from '#backend/engines/signals/open.ts';
import type { SignalColumns, SignalStore } from '#backend/engines/signals/port.ts';
import { measureSeries, ReferenceCache } from '#backend/services/alerting/read-series.ts';
import type { Condition } from '#common/contract/conditions.ts';
import { measure } from '#common/rules/measure.ts';
import { PointWindows } from '#common/rules/points.ts';
import { computeReference, type ReferencedCondition } from '#common/rules/reference.ts';
import { dayMs, hourMs, minuteMs } from '#common/time/durations.ts';
import { startPostgres, withoutPostgres } from '../support/postgres.ts';

/**
 * Rules measure through a store what they measure over the same points in memory, on each store: whatever a condition compares, in buckets
 * or point by point, at ends that no bucket has.
 */
const end = Date.parse('2026-06-15T10:07:11.345Z');
const stepMs = 4 * minuteMs + 7_000;
const segments = ['a', 'b'];
const columns: SignalColumns = { segment: [], t: [], count: [], min: [], max: [], avg: [], sum: [] };
for (const [place, segment] of segments.entries()) {
  for (let i = 0; i * stepMs < 62 * dayMs; i++) {
    const t = end - i * stepMs - 1;
    // A pattern of the day, an irregular part, and some silences.
    const v = 10 * Math.sin((2 * Math.PI * (t % dayMs)) / dayMs) + ((i * 7_919) % 101) / 10 + place;
    if ((i + place) % 53 > 47) continue;
    const count = 1 + (i % 4);
    columns.segment.push(segment);
    columns.t.push(t);
    columns.count.push(count);
    columns.min.push(v - 1);
    columns.max.push(v + 2);
    columns.avg.push(v);
    columns.sum.push(v * count);
  }
}

const batch = 5_000;
function sliceOf(from: number): SignalColumns {
  const slice = <T>(column: T[]) => column.slice(from, from + batch);
  const { segment, t, count, min, max, avg, sum } = columns;
  return { segment: slice(segment), t: slice(t), count: slice(count), min: slice(min), max: slice(max), avg: slice(avg), sum: slice(sum) };
}

/** The points of one segment in memory, times ascending. */
function pointsOf(segment: string) {
  const own = columns.t.map((t, i) => ({ t, i })).filter(({ i }) => columns.segment[i] === segment);
  own.sort((a, b) => a.t - b.t);
  const column = (name: 'count' | 'min' | 'max' | 'avg' | 'sum') => own.map(({ i }) => columns[name][i] as number);
  return new PointWindows({
    t: own.map(({ t }) => t),
    last: column('avg'),
    count: column('count'),
    sum: column('sum'),
    min: column('min'),
    max: column('max'),
  });
}

const above = { operator: '>' as const, threshold: 0 };
const window = { aggregation: 'avg' as const, windowMs: 35 * minuteMs };
const conditions: Condition[] = [
  ...(['avg', 'sum', 'min', 'max', 'count', 'last', 'p50', 'p95', 'p99'] as const).map(
    (aggregation): Condition => ({ kind: 'threshold', aggregation, windowMs: 3 * hourMs + 1, ...above }),
  ),
  { kind: 'threshold', aggregation: 'avg', windowMs: 30 * dayMs, ...above },
  { kind: 'threshold', aggregation: 'max', windowMs: minuteMs, ...above },
  { kind: 'change', aggregation: 'last', windowMs: hourMs, agoMs: dayMs + 1, as: 'percent', ...above },
  { kind: 'change', aggregation: 'sum', windowMs: 12_345, agoMs: 90_000, as: 'perSecond', ...above },
  { kind: 'absent', windowMs: minuteMs },
  { kind: 'absent', windowMs: hourMs },
  { kind: 'unchanged', windowMs: 2 * hourMs, tolerance: 1 },
  { kind: 'baseline', ...window, every: 'day', count: 1, as: 'ratio', ...above },
  { kind: 'baseline', ...window, every: 'week', count: 5, as: 'sigmas', ...above },
  { kind: 'baseline', ...window, every: 'month', count: 2, as: 'difference', ...above },
  { kind: 'baseline', ...window, aggregation: 'p95', every: 'day', count: 7, as: 'difference', ...above },
  { kind: 'baseline', ...window, aggregation: 'count', every: 'day', count: 3, as: 'difference', ...above },
  { kind: 'baseline', ...window, every: 'day', count: 14, slotMs: hourMs, as: 'sigmas', ...above },
  {
    kind: 'baseline',
    ...window,
    windowMs: 7 * minuteMs,
    aggregation: 'last',
    every: 'day',
    count: 14,
    slotMs: hourMs,
    as: 'sigmas',
    ...above,
  },
  { kind: 'baseline', ...window, windowMs: 1_001, every: 'day', count: 5, slotMs: 60_000, as: 'difference', ...above },
  { kind: 'range', ...window, days: 14, share: 0.998, widen: 0.1, side: 'either' },
  { kind: 'range', ...window, windowMs: 5 * minuteMs, aggregation: 'max', days: 30, share: 0.9, side: 'above' },
  { kind: 'range', ...window, aggregation: 'p99', days: 3, share: 0.8, side: 'below' },
];

interface Opened {
  store: SignalStore;
  close(): Promise<void>;
}

describe.each(['chunks', 'sqlite', 'postgres'] as const)('on %s', (kind) => {
  const missing = kind === 'postgres' ? withoutPostgres() : null;
  describe.skipIf(missing !== null)(missing ?? 'with 62 days of points', () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-windows-'));
    let opened: Opened;
    beforeAll(async () => {
      opened = await open(kind, folder);
      for (let from = 0; from < columns.t.length; from += batch) await opened.store.appendSignals('belt', sliceOf(from));
    });
    afterAll(async () => {
      await opened.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it.each(['UTC', 'Asia/Kolkata', 'Europe/Berlin'])(
      'every condition measures the same as over points in memory, in %s',
      async (timeZone) => {
        const rule = { code: 'r', version: 1, conditions, timeZone };
        const selector = { from: 'signal' as const, loaderCode: 'belt' };
        const measured = await measureSeries(opened.store, new ReferenceCache(), rule, selector, end, AbortSignal.timeout(60_000));
        expect(measured.map(({ labels }) => labels['segment']).sort()).toEqual(segments);
        for (const { labels, measurements } of measured) {
          const points = pointsOf(labels['segment'] as string);
          const referenceOf = (condition: ReferencedCondition) => computeReference(condition, points, end, timeZone);
          for (const [i, condition] of conditions.entries())
            expect([condition, rounded(measurements[i])]).toEqual([condition, rounded(measure(condition, points, referenceOf, end))]);
        }
      },
    );
  });
});

async function open(kind: 'chunks' | 'sqlite' | 'postgres', folder: string): Promise<Opened> {
  if (kind === 'chunks') {
    const store = await openChunkSignals(join(folder, 'series.db'));
    return { store, close: () => store.close() };
  }
  const server = kind === 'postgres' ? await startPostgres() : null;
  const location = server === null ? { file: join(folder, 'watchfloor.db') } : { url: await server.database('windows') };
  const database = await openDatabase(location, pino({ level: 'silent' }));
  const close = async () => {
    await database.close();
    await server?.close();
  };
  return { store: openSignalStore(database), close };
}

/** Stores add in another order, so the last digits may differ. */
const rounded = (measurement: unknown): unknown =>
  JSON.parse(JSON.stringify(measurement, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value)));
