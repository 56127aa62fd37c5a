import { describe, expect, test } from 'vitest';
import { toRequests } from './requests.ts';
import type { Waiting } from './store.ts';

const item = (n: number, more: Partial<Waiting> = {}): Waiting =>
  ({ id: `i${String(n).padStart(4, '0')}`, key: `k${n}`, batch: null, attempts: 0, ...more }) as Waiting;
const items = (count: number, from = 0) => Array.from({ length: count }, (_, n) => item(from + n));
const shape = (due: Waiting[], batching = true) =>
  toRequests(due, batching, () => 'new').map(({ key, items: sent, many }) => [key, sent.length, many]);

describe('what waits, sorted into requests', () => {
  test('one change goes as itself', () => expect(shape([item(1)])).toEqual([['k1', 1, false]]));
  test('many go together, as many as a request takes', () =>
    expect(shape(items(1_020))).toEqual([
      ['new', 500, true],
      ['new', 500, true],
      ['new', 20, true],
    ]));
  test('what was sent together goes together again under its key, without newcomers', () => {
    const before = [item(2, { batch: 'b', attempts: 1 }), item(1, { batch: 'b', attempts: 1 })];
    expect(toRequests([...before, item(3)], true, () => 'new')).toMatchObject([
      { key: 'b', many: true, items: [{ id: 'i0001' }, { id: 'i0002' }] },
      { key: 'k3', many: false },
    ]);
  });
  test('what was sent alone goes alone again: it may have arrived', () =>
    expect(shape([item(1, { attempts: 1 }), item(2), item(3)])).toEqual([
      ['new', 2, true],
      ['k1', 1, false],
    ]));
  test('to an older backend each goes alone', () =>
    expect(shape(items(3), false)).toEqual([
      ['k0', 1, false],
      ['k1', 1, false],
      ['k2', 1, false],
    ]));
});
