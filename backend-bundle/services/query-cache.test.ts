import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ReadOptions, SeriesPoints, SeriesRequest, SignalStore } from '../engines/signals/port.ts';
import { cached, QueryCache } from './query-cache.ts';

const now = Date.UTC(2026, 5, 1);
const minute = 60_000;
const request: SeriesRequest = {
  selector: { from: 'signal', loaderCode: 'belt' },
  aggregation: 'avg',
  from: now - 60 * minute,
  to: now,
  bucketMs: minute,
  maxPoints: 1_000,
};

/** A store that counts its reads and answers them when the test says so. */
function makeStore() {
  const reads: { request: SeriesRequest; options: ReadOptions; answer: (points?: number) => void; fail: (error: Error) => void }[] = [];
  const line = (points: number): SeriesPoints => ({ labels: {}, t: new Float64Array(points), v: new Float64Array(points) });
  const store: Partial<SignalStore> = {
    query: (asked, options = {}) =>
      new Promise((resolve, reject) => {
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
        reads.push({ request: asked, options, answer: (points = 3) => resolve([line(points)]), fail: reject });
      }),
    appendSignals: async () => {},
    appendSignalBatches: async () => {},
    appendMetrics: async () => {},
    expire: async () => 5,
    remove: async () => Promise.reject(new Error('the disk is full')),
  };
  return { store: store as SignalStore, reads };
}

let clock: number;
let cache: QueryCache;
let reads: ReturnType<typeof makeStore>['reads'];
beforeEach(() => {
  clock = now;
  const made = makeStore();
  reads = made.reads;
  cache = new QueryCache(made.store, { now: () => clock, maxBytes: 100_000 });
});

async function ask(over: Partial<SeriesRequest> = {}, points?: number): Promise<SeriesPoints[]> {
  const before = reads.length;
  const answer = cache.query({ ...request, ...over });
  await Promise.resolve();
  for (const read of reads.slice(before)) read.answer(points);
  return answer;
}

describe('an answer is cached', () => {
  test('and reused for the same labels in any order, but not for another query', async () => {
    expect(await ask()).toBe(await ask());
    expect(reads).toHaveLength(1);
    await ask({ aggregation: 'max' });
    await ask({ bucketMs: 2 * minute });
    await ask({ to: now + 1 });
    await ask({ selector: { from: 'signal', loaderCode: 'belt', segmentCode: 'a' } });
    await ask({ bucketMs: 1_440 * minute, timeZone: 'Europe/Berlin' });
    expect(reads).toHaveLength(6);
    await ask({ selector: { from: 'metric', name: 'cpu', labels: { a: '1', b: '2' } } });
    await ask({ selector: { from: 'metric', name: 'cpu', labels: { b: '2', a: '1' } } });
    expect(reads).toHaveLength(7);
    expect([cache.hits, cache.misses]).toEqual([2, 7]);
  });

  test('for 5 minutes if it overlaps the last 24 hours, for an hour if it is older', async () => {
    const older = { from: now - 48 * 60 * minute, to: now - 24 * 60 * minute };
    await ask();
    await ask(older);
    clock += 5 * minute - 1;
    await ask();
    await ask(older);
    expect(reads).toHaveLength(2);
    clock += 1;
    await ask();
    await ask(older);
    expect(reads).toHaveLength(3);
    clock = now + 60 * minute;
    await ask(older);
    expect(reads).toHaveLength(4);
  });

  test('no longer than that, even without further queries', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await ask();
      await ask({ from: now - 48 * 60 * minute, to: now - 24 * 60 * minute });
      const both = cache.bytes;
      clock += 5 * minute - 1;
      vi.advanceTimersByTime(minute);
      expect(cache.bytes).toBe(both);
      clock += 1;
      vi.advanceTimersByTime(minute);
      expect(cache.bytes).toBeGreaterThan(0);
      expect(cache.bytes).toBeLessThan(both);
      clock += 55 * minute;
      vi.advanceTimersByTime(minute);
      expect(cache.bytes).toBe(0);
      // Nothing is left to remove, so no timer is running.
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('but not used for a caller who accepts fewer points than it has', async () => {
    await ask({}, 10);
    await ask({ maxPoints: 5 });
    expect(reads).toHaveLength(2);
  });

  test('within the size limit; the least recently used is dropped first, and a too large one is not cached', async () => {
    for (let i = 0; i < 20; i++) await ask({ from: i }, 500);
    expect(cache.bytes).toBeLessThanOrEqual(100_000);
    const before = reads.length;
    await ask({ from: 19 }, 500);
    expect(reads).toHaveLength(before);
    await ask({ from: 0 }, 500);
    expect(reads).toHaveLength(before + 1);
    await ask({ from: -1 }, 1_000);
    await ask({ from: -1 }, 1_000);
    expect(reads).toHaveLength(before + 3);
  });

  test('unless the caller says that it is too large', async () => {
    const once = cache.query(request, { remember: false });
    reads[0]?.answer();
    await once;
    expect(cache.bytes).toBe(0);
    await ask();
    await cache.query(request, { remember: false });
    expect(reads).toHaveLength(2);
  });

  test('but an error is not', async () => {
    const failing = cache.query(request);
    reads[0]?.fail(new Error('disk'));
    await expect(failing).rejects.toThrow('disk');
    await ask();
    expect(reads).toHaveLength(2);
  });
});

describe('storing points in the range drops the answer', () => {
  const at = (t: number) => ({ segment: ['a'], t: [t], count: [1], min: [1], max: [1], avg: [1], sum: [1] });

  test('at once through this store, but not outside the range or in another loader', async () => {
    await ask();
    await cache.appendSignals('belt', at(request.from - 1));
    await cache.appendSignals('belt', at(request.to));
    await cache.appendSignals('other', at(request.from));
    await cache.appendMetrics([{ name: 'belt', unit: '', labels: {}, points: [[request.from, 1]] }]);
    await ask();
    expect(reads).toHaveLength(1);
    await cache.appendSignals('belt', at(request.to - 1));
    await ask();
    expect(reads).toHaveLength(2);
    await cache.appendSignals('belt', at(request.from));
    await ask();
    expect(reads).toHaveLength(3);
  });

  test('when the bus announces it for another process; also for expired points', async () => {
    const made = makeStore();
    let tell: (event: never) => void = () => {};
    let session: number | null = 1;
    const announced: (() => void)[] = [];
    const store = cached(
      made.store,
      {
        onAnnounced: (listener) => {
          tell = listener as typeof tell;
          return () => {};
        },
        // As in the database: announcements made before the call arrive before its result.
        caughtUp: async () => {
          for (const arrive of announced.splice(0)) arrive();
          if (session === null) throw new Error('no one listens');
          return session;
        },
      },
      { now: () => clock },
    );
    const selector = { from: 'metric', name: 'cpu', labels: { host: 'a' } } as const;
    let asked = 0;
    const read = async () => {
      const answer = store.query({ ...request, selector });
      await vi.waitFor(() => expect(store.hits + store.misses).toBeGreaterThan(asked));
      asked = store.hits + store.misses;
      made.reads.at(-1)?.answer();
      await answer;
      return made.reads.length;
    };
    expect(await read()).toBe(1);
    expect(await read()).toBe(1);
    tell({ type: 'metrics.stored', payload: { names: ['mem', 'cpu'], from: now - 5, to: now - 4 } } as never);
    expect(await read()).toBe(2);
    tell({ type: 'signals.stored', payload: { loaderCode: 'cpu', from: 0, to: now } } as never);
    expect(await read()).toBe(2);
    await store.expire(request.from + 1);
    expect(await read()).toBe(3);
    announced.push(() => tell({ type: 'metrics.stored', payload: { names: ['cpu'], from: now - 5, to: now - 4 } } as never));
    expect(await read(), 'said before the question').toBe(4);
    expect(await read()).toBe(4);
    session = 2;
    expect(await read(), 'announcements may have been missed').toBe(5);
    expect(await read()).toBe(5);
    session = null;
    expect(await read(), 'announcements are being missed').toBe(6);
    expect(await read()).toBe(7);
  });

  test('and so does deleting an overlapping interval of the same source, even if it failed half-way', async () => {
    const selector = { from: 'signal', loaderCode: 'belt', segmentCode: 'a' } as const;
    const remove = (over: object) => expect(cache.remove({ selector, from: now - 5, to: now, ...over })).rejects.toThrow('full');
    await ask();
    await remove({ to: now - 4, from: request.from - 9 });
    await ask();
    expect(reads).toHaveLength(2);
    await remove({ from: now });
    await remove({ to: request.from, from: 0 });
    await remove({ selector: { ...selector, loaderCode: 'other' } });
    await ask();
    expect(reads).toHaveLength(2);
  });

  test('also while the read is running: its answer is neither cached nor shared', async () => {
    const early = cache.query(request);
    await cache.appendSignals('belt', at(request.from));
    const late = cache.query(request);
    expect(reads).toHaveLength(2);
    reads[0]?.answer(1);
    reads[1]?.answer(2);
    expect([(await early)[0]?.t.length, (await late)[0]?.t.length]).toEqual([1, 2]);
    expect((await ask())[0]?.t.length).toBe(2);
    expect(reads).toHaveLength(2);
  });
});

describe('equal queries that run at the same time', () => {
  test('share one read', async () => {
    const both = [cache.query(request), cache.query({ ...request })];
    expect(reads).toHaveLength(1);
    reads[0]?.answer();
    const [a, b] = await Promise.all(both);
    expect(a).toBe(b);
  });

  test('a cancelled one ends alone; the last one ends the read', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const one = cache.query(request, { signal: first.signal });
    const other = cache.query(request, { signal: second.signal });
    first.abort(new Error('left'));
    await expect(one).rejects.toThrow('left');
    expect(reads[0]?.options.signal?.aborted).toBe(false);
    second.abort(new Error('left too'));
    await expect(other).rejects.toThrow('left too');
    expect(reads[0]?.options.signal?.aborted).toBe(true);
    // A later caller does not join a cancelled read.
    await ask();
    expect(reads).toHaveLength(2);
  });
});
