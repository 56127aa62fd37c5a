import { Store } from './store.ts';

/** Draws the pictures of a small made-up line, so that the code is compiled when the first real one is asked for. */
export function warmUp(): void {
  const store = new Store();
  const count = 20_000;
  const values = Float64Array.from({ length: count }, (_, i) => Math.sin(i / 50) * 100 + (i % 17) / 7);
  store.put(0, 'line', { times: Float64Array.from(values, (_, i) => i * 1_000), values, bucketMs: 0 });
  for (const coarse of [true, true, false, false]) {
    store.answer(
      {
        plot: 0,
        seq: 0,
        from: 0,
        to: count * 1_000,
        columns: 1_000,
        rows: 300,
        ratio: 1,
        kind: 'line',
        stack: 'none',
        scale: 'linear',
        crisp: false,
        everyPoint: false,
        ids: ['line'],
        under: {},
        axis: { include: [], steps: 5 },
      },
      coarse,
    );
  }
}
