import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dashboardBody, gridColumns } from '../contract/dashboards.ts';
import { importGrafana } from './grafana.ts';
import { overlaps } from './merge.ts';

type Json = Record<string, unknown>;

const size = fc.oneof(fc.integer({ min: -2, max: 30 }), fc.constantFrom<unknown>(0, 1e9, 0.5, '12', null, undefined, Number.NaN, 'wide'));
const gridPos = fc.option(fc.record({ x: size, y: size, w: size, h: size }), { nil: undefined });
const targets = fc.constantFrom<unknown>([{ expr: 'a' }], [{ expr: 'rate(a[5m])' }], [{ hide: true, expr: 'a' }], [], undefined, 'none', [
  null,
]);
const type = fc.constantFrom('timeseries', 'graph', 'stat', 'gauge', 'text', 'logs', 'table', 'news', 'nodeGraph', undefined);
const library = fc.constantFrom<unknown>(
  undefined,
  undefined,
  undefined,
  { uid: 'held' },
  { uid: 'gone', name: 'Gone' },
  { uid: 'circle' },
  7,
);
const id = fc.constantFrom<unknown>(1, 2, '1', null, undefined);

const leaf: fc.Arbitrary<Json> = fc.record({ type, gridPos, targets, id, libraryPanel: library });
const tree: fc.Arbitrary<Json[]> = fc.letrec<{ panels: Json[]; row: Json }>((tie) => ({
  panels: fc.array(fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('row')), { maxLength: 6 }),
  row: fc.record({ type: fc.constant('row'), gridPos, collapsed: fc.boolean(), panels: tie('panels'), id }),
})).panels;

/** Gives each panel a unique title, so that it can be found again. @returns all titles */
function titled(panels: Json[]): string[] {
  const titles: string[] = [];
  const name = (all: Json[]) => {
    for (const panel of all) {
      const title = `Title ${titles.length}.`;
      titles.push(title);
      panel['title'] = title;
      if (Array.isArray(panel['panels'])) name(panel['panels'] as Json[]);
    }
  };
  name(panels);
  return titles;
}

function check(json: unknown, titles: readonly string[]): void {
  const { dashboard, notCarried } = importGrafana(json);
  expect(dashboardBody.safeParse(dashboard).error).toBeUndefined();
  const shown = dashboard.panels.map((one) =>
    one.kind === 'chart' ? one.drawing.title : one.kind === 'text' ? `${one.title}${one.markdown}` : one.title,
  );
  const found = (title: string) => shown.some((text) => text?.includes(title)) || notCarried.some(({ where }) => where === title);
  expect(titles.filter((title) => !found(title))).toEqual([]);
  const places = dashboard.panels.map(({ place }) => place);
  for (const [i, place] of places.entries()) {
    expect(place.x + place.w).toBeLessThanOrEqual(gridColumns);
    for (const other of places.slice(i + 1)) expect(overlaps(place, other)).toBe(false);
  }
  for (const one of dashboard.panels)
    if (one.kind === 'text' && one.markdown.startsWith('## ')) expect(one.place).toMatchObject({ x: 0, w: gridColumns, h: 1 });
}

const held = {
  held: { model: { type: 'stat', targets: [{ expr: 'a' }], libraryPanel: { uid: 'held' } } },
  circle: { model: { libraryPanel: { uid: 'circle2' } } },
  circle2: { model: { libraryPanel: { uid: 'circle' } } },
};

describe('every panel of a file', () => {
  it('is on the dashboard or listed by its title, and overlaps no other', () => {
    fc.assert(
      fc.property(tree, (panels) => {
        const titles = titled(panels);
        check({ __elements: held, panels }, titles);
      }),
    );
  });

  it('also in the format with rows', () => {
    const span = fc.constantFrom<unknown>(1, 4, 12, 40, 0, '6', null);
    const inRow = fc.array(
      fc.tuple(leaf, span).map(([panel, width]): Json => ({ ...panel, span: width })),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ height: size, collapse: fc.boolean(), showTitle: fc.boolean(), panels: inRow }), { maxLength: 5 }),
        (rows) => {
          const titles = rows.flatMap((row, i) =>
            titled(row.panels).map((title, k) => ((row.panels[k] as Json)['title'] = `${i} ${title}`)),
          );
          check({ __elements: held, rows }, titles);
        },
      ),
    );
  });

  it('keeps its section: panels below a heading stay between it and the next', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(
            leaf.filter(({ type: kind, libraryPanel }) => kind === 'stat' && libraryPanel === undefined),
            { maxLength: 4 },
          ),
          { maxLength: 4 },
        ),
        (sections) => {
          const panels = sections.map((inside, i) => ({
            type: 'row',
            title: `Row ${i}`,
            gridPos: { x: 0, y: i, w: 24, h: 1 },
            panels: inside.map((one) => ({ ...one, title: `In ${i}` })),
          }));
          const order = importGrafana({ panels }).dashboard.panels.map((one) =>
            one.kind === 'chart' ? one.drawing.title : one.kind === 'text' ? one.title || one.markdown : '',
          );
          expect(order).toEqual(sections.flatMap((inside, i) => [`## Row ${i}`, ...inside.map(() => `In ${i}`)]));
        },
      ),
    );
  });
});
