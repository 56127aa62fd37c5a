import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Coalesced } from './coalesce.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = (error: unknown) => {
  throw error;
};

/** Work that takes `tookMs` on its own clock. */
function worker(tookMs: number) {
  let now = 0;
  const runs: number[] = [];
  const work = async () => {
    runs.push(Date.now());
    now += tookMs;
  };
  return { runs, work, clock: () => now };
}

test('runs at once, then at most every so often, and the last request is not lost', async () => {
  const { runs, work, clock } = worker(0);
  const begun = Date.now();
  const coalesced = new Coalesced(work, 100, never, clock);
  for (let n = 0; n < 50; n++) coalesced.ask();
  await vi.advanceTimersByTimeAsync(99);
  expect(runs).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(runs.map((at) => at - begun)).toEqual([0, 100]);
  coalesced.close();
});

test('slow work pauses nine times as long as it takes, at most 2 s', async () => {
  const slow = worker(50);
  const coalesced = new Coalesced(slow.work, 100, never, slow.clock);
  const begun = Date.now();
  coalesced.ask();
  await vi.advanceTimersByTimeAsync(0);
  coalesced.ask();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(slow.runs.map((at) => at - begun)).toEqual([0, 450]);
  const slower = worker(10_000);
  const other = new Coalesced(slower.work, 100, never, slower.clock);
  const then = Date.now();
  other.ask();
  await vi.advanceTimersByTimeAsync(0);
  other.ask();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(slower.runs.map((at) => at - then)).toEqual([0, 2_000]);
});

test('never runs twice at the same time; an urgent call follows immediately', async () => {
  let underWay = 0;
  let most = 0;
  let runs = 0;
  const work = async () => {
    runs += 1;
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 300));
    underWay -= 1;
  };
  const coalesced = new Coalesced(work, 100, never, () => 0);
  coalesced.ask();
  coalesced.now();
  coalesced.ask();
  await vi.advanceTimersByTimeAsync(310);
  expect(runs).toBe(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(most).toBe(1);
  coalesced.close();
});
