import { expect, it } from 'vitest';
import { until } from './adapters.ts';
import { chunkStores } from './signals-stores.ts';

const { open } = chunkStores();
/** Its memory is to end it, not the clock. */
const neverAborts = { timeoutMs: 150_000 };
const all = { selector: { from: 'metric', name: 'cpu', labels: {} }, from: 0, to: 1e13 } as const;

it('a worker that runs out of memory is replaced: its calls fail, and acknowledged points are kept', async () => {
  const signals = await open({ heapMb: 24 });
  const n = 400_000;
  const column = (value: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => value(i));
  const record = { count: column(() => 1), min: column((i) => i), max: column((i) => i), sum: column((i) => i) };
  const labels = { loader: 'belt', segment: 's' };
  const points = { t: column((i) => i * 1_000), v: column((i) => i), record };
  await signals.append([{ kind: 'signal', name: 'belt', labels, unit: '', points }]);
  await signals.appendMetrics([{ name: 'cpu', unit: '', labels: {}, points: [[1, 1]] }]);
  expect((await signals.health()).restarted).toBeNull();

  // Records become an object each: more than fit.
  const tooMuch = signals.records('belt', { from: 0, to: 1e13, limit: n }, neverAborts);
  const beside = signals.metricSeries();
  const hint = expect.stringContaining('try again');
  await expect(tooMuch).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('memory'), hint });
  // It ran at the same time, so it either finished first or failed with it.
  await beside.catch((error: unknown) => expect(error).toMatchObject({ code: 'unavailable', hint }));

  await until(
    'it is back',
    () =>
      signals.metricSeries().then(
        (series) => series.length === 1,
        () => false,
      ),
    60_000,
  );
  await signals.appendMetrics([{ name: 'cpu', unit: '', labels: {}, points: [[2, 2]] }]);
  const [line] = await signals.query({ ...all, aggregation: 'raw', bucketMs: 0, maxPoints: 10 });
  expect(line?.v).toEqual(Float64Array.of(1, 2));
  expect(await signals.estimate({ ...all, selector: { from: 'signal', loaderCode: 'belt' } })).toEqual({ series: 1, points: n });
  expect(await signals.health()).toMatchObject({ damage: [], restarted: { count: 1, reason: expect.stringContaining('memory') } });
}, 180_000);

it('closes while it is waiting to be restarted', async () => {
  const signals = await open({ heapMb: 24 });
  const n = 400_000;
  const points = { t: Float64Array.from({ length: n }, (_, i) => i * 1_000), v: new Float64Array(n) };
  await signals.append([{ kind: 'signal', name: 'belt', labels: { segment: 's' }, unit: '', points }]);
  await expect(signals.records('belt', { from: 0, to: 1e13, limit: n }, neverAborts)).rejects.toMatchObject({ code: 'unavailable' });
  expect((await signals.health()).restarted).toMatchObject({ count: 1 });
  await signals.close();
  await expect(signals.metricSeries()).rejects.toMatchObject({ code: 'unavailable' });
}, 180_000);
