import { type DashboardBody, type GridPlace, gridColumns, type Panel } from '#common/contract/dashboards.ts';

/** Minimum size of a panel, cells. */
export const least = { w: 2, h: 2 };

const overlap = (a: GridPlace, b: GridPlace): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Returns the row below all panels. */
const bottomOf = (panels: readonly Panel[]): number => Math.max(0, ...panels.map(({ place }) => place.y + place.h));

/** Limits a place to the grid: neither too wide nor over an edge. */
export function clamp({ x, y, w, h }: GridPlace): GridPlace {
  const wide = Math.min(gridColumns, Math.max(least.w, w));
  const high = Math.min(200, Math.max(least.h, h));
  return { x: Math.min(gridColumns - wide, Math.max(0, x)), y: Math.max(0, y), w: wide, h: high };
}

/**
 * Moves one panel to a place. Panels in its way go below it, then all move up as far as possible. Matches what the grid does with the
 * mouse, so that keys and drags agree.
 */
export function putPanel(panels: readonly Panel[], id: string, wanted: GridPlace): Panel[] {
  const place = clamp(wanted);
  const moved = panels.map((panel): Panel => (panel.id === id ? { ...panel, place } : panel));
  return settle(moved, id);
}

/** Moves every panel up as far as possible. Where two want the same cells, the given one goes first. */
export function settle(panels: readonly Panel[], first?: string): Panel[] {
  const order = panels.toSorted(
    (a, b) => a.place.y - b.place.y || Number(b.id === first) - Number(a.id === first) || a.place.x - b.place.x,
  );
  const placed = new Map<string, GridPlace>();
  for (const { id, place } of order) {
    const inTheWay = (y: number) => [...placed.values()].some((other) => overlap({ ...place, y }, other));
    let { y } = place;
    while (inTheWay(y)) y += 1;
    while (y > 0 && !inTheWay(y - 1)) y -= 1;
    placed.set(id, { ...place, y });
  }
  return panels.map((panel) => ({ ...panel, place: placed.get(panel.id) ?? panel.place }));
}

/** Returns the first free place of a size, from the top. */
export function freePlace(panels: readonly Panel[], { w, h }: { w: number; h: number }): GridPlace {
  for (let y = 0; y <= bottomOf(panels); y += 1) {
    for (let x = 0; x + w <= gridColumns; x += 1) {
      if (!panels.some(({ place }) => overlap({ x, y, w, h }, place))) return { x, y, w, h };
    }
  }
  return { x: 0, y: bottomOf(panels), w, h };
}

/** Sorts panels in reading order. */
export const inOrder = (panels: readonly Panel[]): Panel[] => panels.toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);

/** Returns an unused panel id. */
export function newId(panels: readonly Panel[]): string {
  const taken = new Set(panels.map(({ id }) => id));
  for (let n = panels.length + 1; ; n += 1) if (!taken.has(`panel-${n}`)) return `panel-${n}`;
}

/** Adds a copy of a panel in the first free place. */
export function duplicatePanel(body: DashboardBody, id: string): { body: DashboardBody; id: string } {
  const panel = body.panels.find((one) => one.id === id);
  if (!panel) return { body, id };
  const copy: Panel = { ...panel, id: newId(body.panels), place: freePlace(body.panels, panel.place) };
  return { body: { ...body, panels: [...body.panels, copy] }, id: copy.id };
}

export function removePanel(body: DashboardBody, id: string): DashboardBody {
  return { ...body, panels: settle(body.panels.filter((one) => one.id !== id)) };
}

export function replacePanel(body: DashboardBody, panel: Panel): DashboardBody {
  return { ...body, panels: body.panels.map((one) => (one.id === panel.id ? panel : one)) };
}
