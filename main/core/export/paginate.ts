interface Placed {
  place: { x: number; y: number; w: number; h: number };
}
export interface Page<P> {
  /** The grid row at the top of the page. */
  top: number;
  panels: P[];
}

/**
 * Distributes panels over pages so that none is split: a panel that would cross the end of a page starts the next page, together with its row.
 * @param firstRows rows that fit on the first page, below the heading
 * @param rows rows that fit on every other page
 */
export function paginate<P extends Placed>(panels: readonly P[], firstRows: number, rows: number): Page<P>[] {
  const pages: Page<P>[] = [];
  for (const panel of panels.toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x)) {
    const { y, h } = panel.place;
    const page = pages.at(-1);
    const fit = pages.length <= 1 ? firstRows : rows;
    // A panel that is taller than a page gets the height of the page.
    if (page && y + Math.min(h, fit) - page.top <= fit) page.panels.push(panel);
    else pages.push({ top: y, panels: [panel] });
  }
  return pages;
}
