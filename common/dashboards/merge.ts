import type { DashboardBody, GridPlace, Panel } from '../contract/dashboards.ts';
import type { Variable } from '../contract/variables.ts';
import { type Clash, type Merge, mergeDocuments } from '../versions/merge.ts';
import { same } from '../versions/shape.ts';

/**
 * Merges two people's changes to one dashboard, as `mergeDocuments` does. If a panel that I placed would overlap one that they placed, mine
 * moves down until it is free. A variable that one side removed or renamed is a conflict if the other side has new or changed panels that
 * use it.
 */
export function mergeDashboards(
  base: DashboardBody,
  mine: DashboardBody,
  theirs: DashboardBody,
  prefer: 'mine' | 'theirs' = 'theirs',
): Merge<DashboardBody> {
  const { merged, clashes } = mergeDocuments(base, mine, theirs, prefer);
  const orphans = orphanedVariables(base, mine, theirs, merged);
  const kept = orphans.flatMap((clash) => (clash[prefer] as Variable | undefined) ?? []);
  return {
    merged: { ...merged, variables: [...merged.variables, ...kept], panels: withoutNewOverlaps(base, mine, merged) },
    clashes: [...clashes, ...orphans],
  };
}

/** Returns variables that one side removed while the other started to use them. */
function orphanedVariables(base: DashboardBody, mine: DashboardBody, theirs: DashboardBody, merged: DashboardBody): Clash[] {
  const known = new Set(merged.variables.map(({ name }) => name));
  const variableOf = ({ variables }: DashboardBody, name: string) => variables.find((one) => one.name === name);
  return base.variables.flatMap((variable) => {
    const { name } = variable;
    const used = ({ panels }: DashboardBody) =>
      merged.panels.some((panel) => {
        const changed = !base.panels.some((before) => before.id === panel.id && same(before, panel));
        return changed && uses(panel, name) && panels.some(({ id }) => id === panel.id);
      });
    const user = [mine, theirs].find((side) => variableOf(side, name) !== undefined);
    if (known.has(name) || user === undefined || !used(user)) return [];
    return [{ path: ['variables', name], base: variable, mine: variableOf(mine, name), theirs: variableOf(theirs, name) }];
  });
}

/** Returns whether a panel uses a variable: in a selector, a fixed value, its title or its text. */
function uses(panel: Panel, name: string): boolean {
  const texts: string[] = [];
  const gather = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(gather);
  };
  gather(panel);
  const named = new RegExp(`\\$${name}(?!\\w)|\\$\\{${name}[}:]|\\[\\[${name}[\\]:]`);
  return texts.some((text) => named.test(text));
}

function withoutNewOverlaps(base: DashboardBody, mine: DashboardBody, merged: DashboardBody): Panel[] {
  const placeIn = ({ panels }: DashboardBody, id: string) => panels.find((panel) => panel.id === id)?.place;
  const isMine = ({ id, place }: Panel) => same(place, placeIn(mine, id)) && !same(place, placeIn(base, id));
  const movable = merged.panels.filter(isMine).toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);
  // Panels that were there when I edited don't count: I chose to overlap them.
  const taken = merged.panels.filter(({ id, place }) => !same(place, placeIn(mine, id))).map(({ place }) => place);
  const settled = new Map<string, GridPlace>();
  for (const { id, place } of movable) {
    let free = place;
    for (let below = under(free, taken); below !== null; below = under(free, taken)) free = { ...free, y: below };
    if (free === place) continue;
    settled.set(id, free);
    taken.push(free);
  }
  return merged.panels.map((panel) => ({ ...panel, place: settled.get(panel.id) ?? panel.place }));
}

/** Returns the row below everything that `place` overlaps; null when it overlaps nothing. */
function under(place: GridPlace, taken: readonly GridPlace[]): number | null {
  const bottoms = taken.filter((other) => overlaps(place, other)).map(({ y, h }) => y + h);
  return bottoms.length === 0 ? null : Math.max(...bottoms);
}

export function overlaps(a: GridPlace, b: GridPlace): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
