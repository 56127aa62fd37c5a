import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Dashboard, dashboard, gridColumns } from '#common/contract/dashboards.ts';
import { appended } from './append.ts';

const of = (places: { x: number; y: number; w: number; h: number }[]): Dashboard =>
  dashboard.parse({
    code: 'd',
    title: 'D',
    panels: places.map((place, i) => ({ id: `p${i}`, kind: 'library', chart: 'c', place })),
    version: 3,
    createdAt: 1,
    createdBy: 'a',
    updatedAt: 1,
    updatedBy: 'a',
  });

test('a new panel covers no other, and the others stay as they were', () => {
  const place = fc
    .record({
      x: fc.integer({ min: 0, max: gridColumns - 1 }),
      y: fc.integer({ min: 0, max: 30 }),
      w: fc.integer({ min: 1, max: gridColumns }),
      h: fc.integer({ min: 1, max: 20 }),
    })
    .map((one) => ({ ...one, w: Math.min(one.w, gridColumns - one.x) }));
  fc.assert(
    fc.property(fc.array(place, { maxLength: 8 }), (places) => {
      const before = of(places);
      const { panels, version } = appended(before, { kind: 'library', chart: 'new' });
      const added = panels.at(-1)?.place;
      expect(panels.slice(0, -1)).toEqual(before.panels);
      expect(version).toBe(3);
      if (added === undefined) throw new Error('Nothing was added.');
      expect(added.x + added.w).toBeLessThanOrEqual(gridColumns);
      for (const one of places) {
        const apart = one.x >= added.x + added.w || one.x + one.w <= added.x || one.y >= added.y + added.h || one.y + one.h <= added.y;
        expect(apart).toBe(true);
      }
    }),
  );
});

test('is placed beside the last one if there is room, otherwise below', () => {
  expect(appended(of([{ x: 0, y: 4, w: 12, h: 6 }]), { kind: 'library', chart: 'new' }).panels.at(-1)?.place).toEqual({
    x: 12,
    y: 4,
    w: 12,
    h: 6,
  });
  expect(appended(of([{ x: 0, y: 4, w: 13, h: 6 }]), { kind: 'library', chart: 'new' }).panels.at(-1)?.place).toEqual({
    x: 0,
    y: 10,
    w: 12,
    h: 8,
  });
});
