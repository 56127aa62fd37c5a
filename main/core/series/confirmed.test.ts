import { expect, test } from 'vitest';
import { type Changes, Confirmed } from './confirmed.ts';

const selector = { from: 'signal', loaderCode: 'belt-speed' } as const;
const buckets = { bucketMs: 10_000 };
const range = { from: 0, to: 60_000 };
const reading = (asOf: number) => ({ ...range, asOf });
const noon = 43_200_000;
const change = (start: number, end: number, at: number, name = 'belt-speed'): Changes['items'][number] => ({
  from: 'signal',
  name,
  start,
  end,
  at,
});

function restored(
  readings: { from: number; to: number; asOf: number }[],
  changes: Changes | null,
  before?: (confirmed: Confirmed) => void,
) {
  const confirmed = new Confirmed();
  before?.(confirmed);
  if (changes) confirmed.caughtUp(changes);
  confirmed.restore('k', selector, buckets, readings);
  return confirmed.lacking('k', range);
}

test('intervals read before connecting are current if the backend reports that nothing was stored since', () => {
  expect(restored([reading(noon)], { completeSince: noon - 60_000, items: [] })).toEqual([]);
  expect(restored([reading(noon)], null)).toEqual([range]);
});

test('but not where points were stored, by whole buckets; other loaders and earlier writes do not matter', () => {
  const items = [
    change(12_000, 12_001, noon + 1),
    change(0, 60_000, noon - 60_000),
    change(0, 60_000, noon + 1, 'belt-current'),
    { ...change(0, 60_000, noon + 1), from: 'metric' as const },
  ];
  expect(restored([reading(noon)], { completeSince: 0, items })).toEqual([{ from: 10_000, to: 20_000 }]);
});

test('clocks may differ by a few seconds', () => {
  expect(restored([reading(noon)], { completeSince: 0, items: [change(0, 1, noon - 4_000)] })).toEqual([{ from: 0, to: 10_000 }]);
  expect(restored([reading(noon)], { completeSince: noon - 4_000, items: [] })).toEqual([range]);
});

test('a reading older than the backend’s record does not count', () => {
  const old = { from: 0, to: 20_000, asOf: noon - 3_600_000 };
  const fresh = { from: 20_000, to: 60_000, asOf: noon };
  expect(restored([old, fresh], { completeSince: noon - 60_000, items: [] })).toEqual([{ from: 0, to: 20_000 }]);
});

test('nothing is confirmed where points were stored between connecting and the first query', () => {
  const storeEvent = (confirmed: Confirmed) => confirmed.stored({ loaderCode: 'belt-speed', from: 30_000, to: 30_001 });
  expect(restored([reading(noon)], { completeSince: 0, items: [] }, storeEvent)).toEqual([{ from: 30_000, to: 40_000 }]);
});

test('a bucket that was still filling is read again', () => {
  expect(restored([{ from: 0, to: 47_000, asOf: noon }], { completeSince: 0, items: [] })).toEqual([{ from: 40_000, to: 60_000 }]);
});

test('known intervals are not replaced, and a new connection starts again', () => {
  const confirmed = new Confirmed();
  confirmed.caughtUp({ completeSince: 0, items: [] });
  expect(confirmed.canRestore('k')).toBe(true);
  const taking = confirmed.reading('k', selector, buckets);
  taking.take({ from: 0, to: 20_000 }, noon);
  taking.end();
  expect(confirmed.canRestore('k')).toBe(false);
  confirmed.restore('k', selector, buckets, [reading(noon)]);
  expect(confirmed.lacking('k', range)).toEqual([{ from: 20_000, to: 60_000 }]);
  confirmed.lost('k', { from: 0, to: 1 });
  expect(confirmed.lacking('k', range)).toEqual([
    { from: 0, to: 10_000 },
    { from: 20_000, to: 60_000 },
  ]);
  confirmed.forget();
  expect(confirmed.canRestore('k')).toBe(false);
  expect(confirmed.lacking('k', range)).toEqual([range]);
});

test('calendar days are confirmed and invalidated as whole days', () => {
  const confirmed = new Confirmed();
  const days = { bucketMs: 86_400_000, timeZone: 'Europe/Berlin' };
  // The clocks go forward on the 29th: that day has 23 hours.
  const [from, to] = [Date.parse('2026-03-28T23:00Z'), Date.parse('2026-03-30T22:00Z')];
  const taking = confirmed.reading('d', selector, days);
  taking.take({ from, to }, to - 3_600_000);
  taking.end();
  const second = Date.parse('2026-03-29T22:00Z');
  expect(confirmed.lacking('d', { from, to })).toEqual([{ from: second, to }]);
  confirmed.stored({ loaderCode: 'belt-speed', from: from + 5, to: from + 6 });
  expect(confirmed.lacking('d', { from, to })).toEqual([{ from, to }]);
});
