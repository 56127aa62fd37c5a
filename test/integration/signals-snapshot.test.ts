import { expect, test } from 'vitest';
import { onEachDeployment } from '../support/deployments.ts';

const start = Math.floor(Date.now() / 60_000) * 60 - 3_600;
const segments = Array.from({ length: 20 }, (_, i) => `segment-${i}`);
/** Writes of all records, one over the other. */
const rounds = 40;

onEachDeployment('an answer while signals are stored', (backend) => {
  test('has fields of the same moment in each point', async () => {
    const { client } = await backend().login('OPERATOR');
    // Each write puts another number into every field, so that fields of two moments do not agree.
    const write = (n: number) => {
      const fields = { loaderCode: 'rewritten', timestamp: start, recCount: n, minVal: n, maxVal: n, avgVal: n, sumVal: n * n };
      return client.signals.bulk({ body: { signals: segments.map((segmentCode) => ({ ...fields, segmentCode })) } });
    };
    await write(1);
    let isWriting = true;
    const writing = (async () => {
      for (let n = 2; n <= rounds; n += 1) await write(n);
      isWriting = false;
    })();
    const seen = new Set<number>();
    for (let k = 0; isWriting; k += 1) {
      const aggregation = (['avg', 'p95', 'last', 'raw', 'count'] as const)[k % 5] ?? 'avg';
      const range = { fromEpoch: start, toEpoch: start + 60 + k };
      const { dataPoints } = await client.signals.query({ query: { loaderCode: 'rewritten', ...range, aggregation, bucket: '1m' } });
      expect(dataPoints).toHaveLength(segments.length);
      for (const { value, recCount, minVal, maxVal, avgVal, sumVal } of dataPoints) {
        const shown = aggregation === 'count' ? recCount : avgVal;
        expect([value, minVal, maxVal, avgVal, sumVal]).toEqual([shown, recCount, recCount, recCount, recCount ** 2]);
        seen.add(recCount);
      }
    }
    await writing;
    expect(seen.size).toBeGreaterThan(1);
  }, 60_000);
});
