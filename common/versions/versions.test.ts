// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how dashboards write variables
import { describe, expect, it } from 'vitest';
import { type DashboardBody, type DashboardInput, dashboardBody } from '../contract/dashboards.ts';
import { mergeDashboards, overlaps } from '../dashboards/merge.ts';
import { diffDocuments } from './diff.ts';
import { describePlaces } from './words.ts';

type PanelInput = NonNullable<DashboardInput['panels']>[number];
const chart = (id: string, x = 0, y = 0): PanelInput => ({
  id,
  kind: 'chart',
  place: { x, y, w: 12, h: 8 },
  drawing: { title: `Chart ${id}`, selector: { from: 'metric', name: 'm' } },
});
const dashboard = (panels: PanelInput[], more: Partial<DashboardInput> = {}) =>
  dashboardBody.parse({ code: 'd', title: 'D', panels, ...more });
/** The dashboard with one panel changed. */
function edit(
  from: DashboardBody,
  id: string,
  change: (panel: Extract<DashboardBody['panels'][number], { kind: 'chart' }>) => void,
): DashboardBody {
  const copy = structuredClone(from);
  for (const panel of copy.panels) if (panel.id === id && panel.kind === 'chart') change(panel);
  return copy;
}
const clashesOf = (...args: Parameters<typeof mergeDashboards>) => mergeDashboards(...args).clashes.map(({ path }) => path.join('.'));
const base = dashboard([chart('a'), chart('b', 12)]);

describe('a diff', () => {
  it('names fields, follows panels that moved, and shows before and after', () => {
    const after = edit(dashboard([chart('c', 0, 8), chart('b', 12), chart('a')], { title: 'New' }), 'a', (panel) => {
      panel.drawing.unit = 'ms';
      panel.place.x = 6;
    });
    expect(diffDocuments(base, after)).toEqual([
      { path: ['title'], kind: 'changed', before: 'D', after: 'New' },
      { path: ['panels', 'c'], kind: 'added', before: undefined, after: after.panels[0] },
      { path: ['panels', 'a', 'place'], kind: 'changed', before: { x: 0, y: 0, w: 12, h: 8 }, after: { x: 6, y: 0, w: 12, h: 8 } },
      { path: ['panels', 'a', 'drawing', 'unit'], kind: 'changed', before: '', after: 'ms' },
      { path: ['panels'], kind: 'reordered', before: ['a', 'b'], after: ['b', 'a'] },
    ]);
  });

  it('does not count who wrote it when', () => {
    expect(diffDocuments({ ...base, version: 1, updatedBy: 'sara' }, { ...base, version: 2, updatedBy: 'omar' })).toEqual([]);
  });

  it('is described in words, with panels by title', () => {
    const paths = [['title'], ['panels', 'a', 'place'], ['panels', 'a', 'drawing', 'unit'], ['variables', 'loader']];
    expect(describePlaces(paths, [base])).toBe('title, panel “Chart a” (place, drawing.unit) and variable “loader”');
  });
});

describe('merging dashboards', () => {
  it('merges moving a panel with editing it', () => {
    const moved = edit(base, 'a', (panel) => {
      panel.place.y = 20;
    });
    const edited = edit(base, 'a', (panel) => {
      panel.drawing.title = 'Renamed';
    });
    const { merged, clashes } = mergeDashboards(base, moved, edited);
    expect(clashes).toEqual([]);
    expect(merged.panels[0]).toMatchObject({ place: { y: 20 }, drawing: { title: 'Renamed' } });
  });

  it('refuses a field that both sides changed differently, and only that', () => {
    const ms = edit(base, 'a', (panel) => Object.assign(panel.drawing, { unit: 'ms', type: 'bar' }));
    const s = edit(base, 'a', (panel) => Object.assign(panel.drawing, { unit: 's', min: 0 }));
    expect(clashesOf(base, ms, s)).toEqual(['panels.a.drawing.unit']);
    expect(mergeDashboards(base, ms, s, 'mine').merged.panels[0]).toMatchObject({ drawing: { unit: 'ms', type: 'bar', min: 0 } });
  });

  it('refuses a panel that one removed and the other changed', () => {
    const without = dashboard([chart('b', 12)]);
    const edited = edit(base, 'a', (panel) => {
      panel.drawing.unit = 'ms';
    });
    expect(clashesOf(base, without, edited)).toEqual(['panels.a']);
    expect(clashesOf(base, edited, without)).toEqual(['panels.a']);
    expect(mergeDashboards(base, without, base).merged.panels.map(({ id }) => id)).toEqual(['b']);
  });

  it('takes a panel of another kind whole, wherever it was moved', () => {
    const text = dashboard([{ id: 'a', kind: 'text', place: { x: 0, y: 0, w: 12, h: 8 }, markdown: 'Hi' }, chart('b', 12)]);
    const moved = edit(base, 'a', (panel) => {
      panel.place.y = 20;
    });
    const edited = edit(base, 'a', (panel) => {
      panel.drawing.unit = 'ms';
    });
    const { merged, clashes } = mergeDashboards(base, text, moved);
    expect(clashes).toEqual([]);
    expect(merged.panels[0]).toEqual({ id: 'a', kind: 'text', title: '', place: { x: 0, y: 20, w: 12, h: 8 }, markdown: 'Hi' });
    expect(dashboardBody.safeParse(merged).success).toBe(true);
    expect(clashesOf(base, text, edited)).toEqual(['panels.a']);
  });

  it('lays panels that two people added at the same spot below each other', () => {
    const mine = dashboard([...(base.panels as PanelInput[]), chart('mine', 0, 8), chart('mine-too', 0, 16)]);
    const theirs = dashboard([...(base.panels as PanelInput[]), chart('theirs', 0, 8)]);
    const { merged, clashes } = mergeDashboards(base, mine, theirs);
    expect(clashes).toEqual([]);
    const places = merged.panels.map(({ place }) => place);
    expect(merged.panels).toHaveLength(5);
    for (const [i, one] of places.entries()) for (const other of places.slice(i + 1)) expect(overlaps(one, other)).toBe(false);
    expect(merged.panels.find(({ id }) => id === 'theirs')?.place.y).toBe(8);
  });

  it('never leaves a panel with a variable that was renamed or removed in the meantime', () => {
    const withVariables = (names: string[], panels: PanelInput[]) =>
      dashboardBody.parse({ ...dashboard(panels), variables: names.map((name) => ({ name, kind: 'options', options: ['a'] })) });
    const drawn = (id: string, y: number, title: string, host?: string): PanelInput => ({
      id,
      kind: 'chart',
      place: { x: 0, y, w: 12, h: 8 },
      drawing: { title, selector: { from: 'metric', name: 'load', labels: host === undefined ? {} : { host } } },
    });
    const asking = (id: string, host: string, y: number) => drawn(id, y, 'Load', host);
    const before = withVariables(['host'], [asking('a', '$host', 0)]);
    const renamed = withVariables(['server'], [asking('a', '$server', 0)]);
    const added = withVariables(['host'], [asking('a', '$host', 0), asking('b', '$host', 8)]);
    expect(clashesOf(before, added, renamed)).toEqual(['variables.host']);
    expect(clashesOf(before, renamed, added)).toEqual(['variables.host']);
    const inTitle = withVariables(['host'], [asking('a', '$host', 0), drawn('b', 8, 'Of ${host}')]);
    expect(clashesOf(before, inTitle, renamed)).toEqual(['variables.host']);
    // The side whose variable is kept also keeps its panels.
    const { merged } = mergeDashboards(before, added, renamed, 'mine');
    expect(merged.variables.map(({ name }) => name).toSorted()).toEqual(['host', 'server']);
    expect(dashboardBody.safeParse(merged).success).toBe(true);
    // A panel that uses a similar name does not use the variable.
    const alike = withVariables(['host'], [asking('a', '$host', 0), asking('b', '$hostname', 8)]);
    expect(clashesOf(before, alike, renamed)).toEqual([]);
  });
});
