import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { minuteMs, secondMs } from '#common/time/durations.ts';
import { chunkMs } from './schema.ts';
import { ChunkSignals } from './signals.ts';
import { finish } from './slices.ts';
import type { AnyWrite } from './writes.ts';

let folder: string;
let now: number;
const opened: ChunkSignals[] = [];
function open(): ChunkSignals {
  const signals = new ChunkSignals(join(folder, `${opened.length}.db`), { now: () => now });
  opened.push(signals);
  return signals;
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unstored-'));
  now = Date.UTC(2026, 10, 27);
});
afterEach(() => {
  for (const signals of opened.splice(0)) signals.store.close();
  rmSync(folder, { recursive: true, force: true });
});

const selector = { from: 'metric', name: 'load', labels: {} } as const;
function write(host: string, points: readonly (readonly [t: number, v: number])[]): AnyWrite {
  const series = { kind: 'metric', name: 'load', unit: '', labels: { host } } as const;
  return { series, points: { t: Float64Array.from(points, ([t]) => t), v: Float64Array.from(points, ([, v]) => v) } };
}
/** One point a second that ends now. */
const everySecond = (host: string, count: number) =>
  write(
    host,
    Array.from({ length: count }, (_, i) => [now - i * secondMs, i] as const),
  );
const summary = (signals: ChunkSignals, from = 0) => finish(signals.summarise({ selector, from, to: now + 1 }));

describe('points that could not be stored', () => {
  test('are evaluated together with stored points, one per time, the last one written', () => {
    const someWrites = fc.array(
      fc.tuple(fc.constantFrom('a', 'b'), fc.array(fc.tuple(fc.nat(20), fc.integer({ min: -9, max: 9 })), { minLength: 1, maxLength: 9 })),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(someWrites, someWrites, fc.nat(20), fc.boolean(), (stored, refused, from, isSealed) => {
        const writes = (of: typeof stored) =>
          of.map(([host, points]) =>
            write(
              host,
              [...points].map(([step, v]) => [now - step * 10 * minuteMs, v] as const),
            ),
          );
        const [real, expected] = [open(), open()];
        for (const one of writes(stored)) for (const signals of [real, expected]) signals.store.appendAny([one]);
        if (isSealed) while (real.store.seal(100, true) > 0);
        for (const one of writes(refused)) {
          real.store.unstored.hold([one]);
          expected.store.appendAny([one]);
        }
        const since = now - from * 10 * minuteMs;
        const byHost = (found: ReturnType<typeof summary>) =>
          found.sort((a, b) => ((a.labels['host'] ?? '') < (b.labels['host'] ?? '') ? -1 : 1));
        expect(byHost(summary(real, since))).toEqual(byHost(summary(expected, since)));
      }),
      { numRuns: 60 },
    );
  });

  test('are kept once however often they are delivered, and dropped after they are stored', () => {
    const signals = open();
    for (let i = 0; i < 3; i++) signals.store.unstored.hold([everySecond('a', 100)]);
    expect(signals.store.unstored.size).toBe(100);
    const stored = everySecond('a', 100);
    signals.store.unstored.forget(signals.store.appendAny([stored]), [stored]);
    expect(signals.store.unstored.size).toBe(0);
    expect(summary(signals)).toMatchObject([{ labels: { host: 'a' }, points: 100 }]);
  });

  test('are limited to the newest of each series', () => {
    const { store } = open();
    store.unstored.hold([everySecond('a', 150_000), everySecond('b', 150_000)]);
    expect(store.unstored.size).toBeLessThanOrEqual(200_000);
    const newest = { lastAt: now, points: 600 };
    expect(summary(opened[0] as ChunkSignals, now - 599 * secondMs)).toMatchObject([newest, newest]);
  });

  test('are limited to the newest hours', () => {
    const { store } = open();
    const hourly = (host: string) =>
      write(
        host,
        Array.from({ length: 15_000 }, (_, i) => [now - i * chunkMs, i] as const),
      );
    store.unstored.hold([hourly('a'), hourly('b')]);
    expect(store.unstored.size).toBe(20_000);
    expect(summary(opened[0] as ChunkSignals).map(({ lastAt, points }) => [lastAt, points])).toEqual([
      [now, 10_000],
      [now, 10_000],
    ]);
  });

  test('are dropped when none was refused for a while', () => {
    const signals = open();
    signals.store.unstored.hold([everySecond('a', 100)]);
    now += 9 * minuteMs;
    signals.store.unstored.hold([everySecond('b', 100)]);
    now += 9 * minuteMs;
    expect(signals.store.unstored.size).toBe(200);
    now += 2 * minuteMs;
    expect(signals.store.unstored.size).toBe(0);
    expect(summary(signals)).toEqual([]);
  });

  test('are deleted with the others of their range', () => {
    const signals = open();
    signals.append([
      {
        series: [{ kind: 'metric', name: 'load', unit: '', labels: { host: 'a' } }],
        lengths: [1],
        points: { t: Float64Array.of(now - chunkMs), v: Float64Array.of(1) },
      },
    ]);
    signals.store.unstored.hold([everySecond('a', 100)]);
    finish(signals.remove({ selector, from: 0, to: now + 1 }));
    expect(signals.store.unstored.size).toBe(0);
  });
});
