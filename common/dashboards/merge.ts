import type { DashboardBody, GridPlace, Panel } from '../contract/dashboards.ts';
import { type Merge, mergeDocuments } from '../versions/merge.ts';
import { same } from '../versions/shape.ts';

/**
 * Brings two people's changes of one dashboard together, as `mergeDocuments` does. Where a panel that I put somewhere would then lie
 * on one that they put there, mine moves down until it is free.
 */
export function mergeDashboards(
  base: DashboardBody,
  mine: DashboardBody,
  theirs: DashboardBody,
  prefer: 'mine' | 'theirs' = 'theirs',
): Merge<DashboardBody> {
  const { merged, clashes } = mergeDocuments(base, mine, theirs, prefer);
  return { merged: { ...merged, panels: withoutNewOverlaps(base, mine, merged) }, clashes };
}

function withoutNewOverlaps(base: DashboardBody, mine: DashboardBody, merged: DashboardBody): Panel[] {
  const placeIn = ({ panels }: DashboardBody, id: string) => panels.find((panel) => panel.id === id)?.place;
  const isMine = ({ id, place }: Panel) => same(place, placeIn(mine, id)) && !same(place, placeIn(base, id));
  const movable = merged.panels.filter(isMine).toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);
  // What stands where I saw it standing was mine to lay a panel on.
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

/** The row below everything that `place` lies on; null when it lies on nothing. */
function under(place: GridPlace, taken: readonly GridPlace[]): number | null {
  const bottoms = taken.filter((other) => overlaps(place, other)).map(({ y, h }) => y + h);
  return bottoms.length === 0 ? null : Math.max(...bottoms);
}

export function overlaps(a: GridPlace, b: GridPlace): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
