import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertKey, applyDelta, newestFirst } from './alert-list.ts';
import type { FeedAlert } from './alerts.ts';

const alert = (n: number, version = 1): FeedAlert => ({ id: `a${n}`, connectionId: 'c', firedAt: n % 5, version }) as FeedAlert;

describe('the list of alerts, kept up to date by what changed', () => {
  it('equals the complete list after any changes', () => {
    const step = fc.record({
      put: fc.array(fc.tuple(fc.nat(30), fc.nat(9)), { maxLength: 10 }),
      remove: fc.array(fc.nat(30), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const whole = new Map<string, FeedAlert>();
        let held: FeedAlert[] = [];
        for (const { put, remove } of steps) {
          const removed = remove.filter((n) => !put.some(([other]) => other === n)).map((n) => alert(n));
          const changed = [...new Map(put.map(([n, version]) => [n, alert(n, version)])).values()];
          for (const one of changed) whole.set(alertKey(one), one);
          for (const one of removed) whole.delete(alertKey(one));
          held = applyDelta(held, { changed, gone: removed });
        }
        expect(held).toEqual([...whole.values()].sort(newestFirst));
      }),
    );
  });

  it('leaves alerts that did not change the same objects', () => {
    const held = [alert(2), alert(1)].sort(newestFirst);
    const next = applyDelta(held, { changed: [alert(2, 7)], gone: [] });
    expect(next.find(({ id }) => id === 'a1')).toBe(held.find(({ id }) => id === 'a1'));
    expect(next.find(({ id }) => id === 'a2')?.version).toBe(7);
  });
});
