import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DashboardBody, dashboardBody, gridColumns, type Panel } from '#common/contract/dashboards.ts';
import { mergeDocuments } from '#common/versions/merge.ts';
import { redo, startEditing, step, undo } from './history.ts';
import { clamp, duplicatePanel, freePlace, newId, putPanel, removePanel, settle } from './layout.ts';
import { afterSave, clashKey, resolve } from './resolve.ts';

const text = (id: string, x: number, y: number, w: number, h: number): Extract<Panel, { kind: 'text' }> => ({
  id,
  kind: 'text',
  title: id,
  markdown: id,
  place: { x, y, w, h },
});
const board = (panels: Panel[], more: Partial<DashboardBody> = {}): DashboardBody =>
  dashboardBody.parse({ code: 'plant', title: 'Plant', panels, ...more });
const placesOf = (panels: readonly Panel[]) => Object.fromEntries(panels.map(({ id, place: { x, y, w, h } }) => [id, [x, y, w, h]]));

const panels = fc
  .array(
    fc.record({
      x: fc.integer({ min: 0, max: 22 }),
      y: fc.integer({ min: 0, max: 40 }),
      w: fc.integer({ min: 2, max: 24 }),
      h: fc.integer({ min: 2, max: 12 }),
    }),
    {
      minLength: 1,
      maxLength: 14,
    },
  )
  .map((places) => places.map((place, i) => ({ ...text(`p${i}`, 0, 0, 2, 2), place: clamp(place) })));
const overlapping = (all: readonly Panel[]): boolean =>
  all.some((a, i) =>
    all.some(
      (b, j) =>
        j > i &&
        a.place.x < b.place.x + b.place.w &&
        b.place.x < a.place.x + a.place.w &&
        a.place.y < b.place.y + b.place.h &&
        b.place.y < a.place.y + a.place.h,
    ),
  );

describe('panels on the grid', () => {
  test('after any move nothing overlaps, nothing is over an edge, nothing is lost, and settling again changes nothing', () => {
    fc.assert(
      fc.property(panels, fc.nat(), fc.integer({ min: -30, max: 60 }), fc.integer({ min: -30, max: 60 }), (all, which, x, y) => {
        const panel = all[which % all.length];
        if (!panel) return;
        const moved = putPanel(settle(all), panel.id, { ...panel.place, x, y });
        expect(overlapping(moved)).toBe(false);
        expect(moved.every(({ place }) => place.x >= 0 && place.y >= 0 && place.x + place.w <= gridColumns)).toBe(true);
        expect(moved.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
        expect(settle(moved)).toEqual(moved);
      }),
    );
  });

  test('panels in the way move down', () => {
    const all = [text('a', 0, 0, 12, 4), text('b', 12, 0, 12, 4), text('c', 0, 4, 24, 4)];
    expect(placesOf(putPanel(all, 'a', { x: 12, y: 0, w: 12, h: 4 }))).toEqual({ a: [12, 0, 12, 4], b: [12, 4, 12, 4], c: [0, 8, 24, 4] });
  });

  test('a new one takes the first gap that is wide enough, else the end', () => {
    const all = [text('a', 0, 0, 12, 4), text('b', 0, 4, 24, 4)];
    expect(freePlace(all, { w: 12, h: 4 })).toEqual({ x: 12, y: 0, w: 12, h: 4 });
    expect(freePlace(all, { w: 13, h: 4 })).toEqual({ x: 0, y: 8, w: 13, h: 4 });
  });

  test('a copy gets its own id and place; a removed panel makes room', () => {
    const body = board([text('panel-1', 0, 0, 24, 4), text('panel-2', 0, 4, 24, 4)]);
    const { body: more, id } = duplicatePanel(body, 'panel-1');
    expect(id).toBe(newId(body.panels));
    expect(placesOf(more.panels)[id]).toEqual([0, 8, 24, 4]);
    expect(placesOf(removePanel(more, 'panel-1').panels)).toEqual({ 'panel-2': [0, 0, 24, 4], [id]: [0, 4, 24, 4] });
  });
});

describe('steps', () => {
  test('any sequence of steps, all taken back, is the start; all done again, the end', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 20 }), (titles) => {
        const start = board([]);
        const end = titles.reduce((editing, title) => step(editing, { ...editing.present, title }), startEditing(start));
        const back = titles.reduce((editing) => undo(editing), end);
        expect(back.present).toEqual(start);
        expect(back.past).toEqual([]);
        expect(titles.reduce((editing) => redo(editing), back).present).toEqual(end.present);
      }),
    );
  });

  test('a step that changes nothing is none, and a new one forgets what was taken back', () => {
    const start = startEditing(board([]));
    expect(step(start, board([]))).toBe(start);
    const changed = step(undo(step(start, board([], { title: 'a' }))), board([], { title: 'b' }));
    expect(redo(changed)).toEqual(changed);
  });
});

describe('a conflict', () => {
  const base = board([text('a', 0, 0, 12, 4), text('b', 12, 0, 12, 4)], { title: 'Plant' });
  const mine = board([{ ...text('a', 0, 0, 12, 4), markdown: 'mine' }, text('b', 12, 0, 12, 6)], { title: 'Mine' });
  const theirs = board([{ ...text('a', 0, 0, 12, 4), markdown: 'theirs' }], { title: 'Theirs', tags: ['new'] });
  const { clashes } = mergeDocuments(base, mine, theirs);

  test('each part comes from the chosen side, the rest from both', () => {
    expect(clashes.map(clashKey).toSorted()).toEqual(['panels/a/markdown', 'panels/b', 'title']);
    const mixed = resolve(
      base,
      mine,
      theirs,
      new Map([
        ['title', 'mine'],
        ['panels/b', 'mine'],
      ]),
    );
    expect(mixed).toMatchObject({ title: 'Mine', tags: ['new'] });
    expect(mixed.panels.map((panel) => (panel.kind === 'text' ? [panel.id, panel.markdown, panel.place.h] : []))).toEqual([
      ['a', 'theirs', 4],
      ['b', 'b', 6],
    ]);
  });

  test('all of one side is that side, plus what the other added elsewhere', () => {
    const all = (side: 'mine' | 'theirs') => resolve(base, mine, theirs, new Map(clashes.map((clash) => [clashKey(clash), side])));
    expect(all('theirs')).toEqual(theirs);
    expect(all('mine')).toEqual({ ...mine, tags: ['new'] });
  });
});

describe('a save', () => {
  const sent = board([text('a', 0, 0, 12, 4), text('b', 12, 0, 12, 4)]);
  test('without a step during the save leaves the saved version', () => {
    const saved = { ...sent, tags: ['merged in'] };
    expect(afterSave(sent, sent, saved)).toBe(saved);
  });
  test('keeps the steps made while it was under way, beside what came in with it', () => {
    const present = { ...sent, title: 'Renamed during the save', panels: putPanel(sent.panels, 'a', { x: 0, y: 0, w: 12, h: 6 }) };
    const next = afterSave(sent, present, { ...sent, title: 'Theirs', tags: ['merged in'] });
    expect(next).toMatchObject({ title: 'Renamed during the save', tags: ['merged in'] });
    expect(placesOf(next.panels)['a']).toEqual([0, 0, 12, 6]);
  });
});
