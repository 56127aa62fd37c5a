import { describe, expect, test } from 'vitest';
import { toRequests } from './requests.ts';
import type { Waiting } from './store.ts';

const item = (n: number, more: Partial<Waiting> = {}): Waiting =>
  ({ id: `i${String(n).padStart(4, '0')}`, key: `k${n}`, batch: null, attempts: 0, ...more }) as Waiting;
const items = (count: number, from = 0) => Array.from({ length: count }, (_, n) => item(from + n));
const shape = (due: Waiting[], batching = true) =>
  toRequests(due, batching, () => 'new').map(({ key, items: sent, many }) => [key, sent.length, many]);

describe('pending changes, grouped into requests', () => {
  test('a single change uses its own endpoint', () => expect(shape([item(1)])).toEqual([['k1', 1, false]]));
  test('many are sent together, up to the limit of a request', () =>
    expect(shape(items(1_020))).toEqual([
      ['new', 500, true],
      ['new', 500, true],
      ['new', 20, true],
    ]));
  test('changes sent together are sent together again with the same key, without new ones', () => {
    const before = [item(2, { batch: 'b', attempts: 1 }), item(1, { batch: 'b', attempts: 1 })];
    expect(toRequests([...before, item(3)], true, () => 'new')).toMatchObject([
      { key: 'b', many: true, items: [{ id: 'i0001' }, { id: 'i0002' }] },
      { key: 'k3', many: false },
    ]);
  });
  test('a change sent alone is sent alone again, because it may have arrived', () =>
    expect(shape([item(1, { attempts: 1 }), item(2), item(3)])).toEqual([
      ['new', 2, true],
      ['k1', 1, false],
    ]));
  test('to an older backend each is sent alone', () =>
    expect(shape(items(3), false)).toEqual([
      ['k0', 1, false],
      ['k1', 1, false],
      ['k2', 1, false],
    ]));
});
