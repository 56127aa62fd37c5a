interface Placed {
  place: { x: number; y: number; w: number; h: number };
}
export interface Page<P> {
  /** The row of the grid that stands at the top of the page. */
  top: number;
  panels: P[];
}

/**
 * Spreads panels over pages so that none is cut: a panel that would cross the end of a page starts the next one, with its row on top.
 * @param firstRows rows that fit on the first page, below the heading
 * @param rows rows that fit on every other page
 */
export function paginate<P extends Placed>(panels: readonly P[], firstRows: number, rows: number): Page<P>[] {
  const pages: Page<P>[] = [];
  for (const panel of panels.toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x)) {
    const { y, h } = panel.place;
    const page = pages.at(-1);
    const fit = pages.length <= 1 ? firstRows : rows;
    // One that is taller than a page is drawn as tall as the page.
    if (page && y + Math.min(h, fit) - page.top <= fit) page.panels.push(panel);
    else pages.push({ top: y, panels: [panel] });
  }
  return pages;
}
