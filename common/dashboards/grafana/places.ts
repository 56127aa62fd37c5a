import { type GridPlace, gridColumns, maxPanels } from '../../contract/dashboards.ts';
import { fieldOf, isObject, type JsonObject } from './json.ts';
import { type Elements, withLibraryModel } from './library.ts';
import type { Losses } from './losses.ts';
import { type GrafanaPanel, type GrafanaRow, grafanaPanel, grafanaRow } from './model.ts';

/** A panel, its position, and its name in the list of losses. */
export interface Placed {
  panel: GrafanaPanel;
  place: GridPlace;
  where: string;
}

/** Returns a panel's title, or its number. */
function panelTitle(panel: Pick<GrafanaPanel, 'title' | 'id'>, number: number): string {
  return panel.title?.trim() || `Panel ${panel.id ?? number}`;
}

/**
 * Returns all panels of the file with their positions, in reading order. Rows are opened, older rows are laid out as Grafana does, and no
 * panels overlap.
 */
export function placedPanels(model: JsonObject, elements: Elements, losses: Losses): Placed[] {
  const reader = new PlaceReader(elements, losses);
  const rows = fieldOf(model, 'rows');
  const panels = fieldOf(model, 'panels');
  // A file of version 5 or later may still have an empty list of rows, and a half-converted one both.
  if (Array.isArray(panels)) reader.grid(panels);
  if (Array.isArray(rows)) reader.rows(rows);
  const inOrder = reader.placed.toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);
  for (const { where } of inOrder.slice(maxPanels)) losses.addPanel(where, 'panels_over', { max: maxPanels });
  return settled(inOrder.slice(0, maxPanels));
}

class PlaceReader {
  readonly placed: Placed[] = [];
  readonly #elements: Elements;
  readonly #losses: Losses;
  #count = 0;

  constructor(elements: Elements, losses: Losses) {
    this.#elements = elements;
    this.#losses = losses;
  }

  grid(entries: readonly unknown[]): void {
    this.#grid(this.#panels(entries), 0);
  }

  /** @returns the first row below all panels */
  #grid(panels: readonly GrafanaPanel[], down: number): number {
    let [pushed, bottom] = [down, 0];
    for (const panel of inFlow(panels).toSorted((a, b) => topOf(a) - topOf(b) || leftOf(a) - leftOf(b))) {
      const inside = this.#inside(panel);
      const where = panelTitle(panel, ++this.#count);
      const place = panel.type === 'row' ? rowPlace(topOf(panel) + pushed) : placeOf(panel, pushed);
      const titled = panel.type !== 'row' || !!panel.title?.trim();
      if (titled) this.placed.push({ panel, place, where });
      else this.#losses.addPanel(where, 'row_untitled');
      bottom = Math.max(bottom, place.y + (titled ? place.h : 0));
      if (panel.type === 'row' && panel.repeat) this.#losses.add(where, 'row_repeat', { name: panel.repeat });
      if (inside.length === 0) continue;
      this.#losses.add(where, 'closed_row');
      // Grafana keeps the positions that the panels had when the row was open.
      const below = place.y + (titled ? 1 : 0);
      const end = this.#grid(inside, below - Math.min(...inFlow(inside).map(topOf)));
      pushed += end - below;
      bottom = Math.max(bottom, end);
    }
    return bottom;
  }

  /** Reads rows of the format before version 5: widths in twelfths, one height per row in pixels. */
  rows(entries: readonly unknown[]): void {
    let y = Math.max(0, ...this.placed.map(({ place }) => place.y + place.h));
    for (const row of entries.flatMap((one) => this.#row(one))) {
      const title = row.title?.trim() ?? '';
      if (row.repeat) this.#losses.add(title, 'row_repeat', { name: row.repeat });
      if (row.collapse) this.#losses.add(title, 'closed_row');
      if (title !== '' && (row.showTitle || row.collapse)) {
        this.placed.push({ panel: grafanaPanel.parse({ type: 'row', title }), place: rowPlace(y), where: title });
        y += 1;
      }
      let [x, tallest] = [0, 0];
      for (const panel of this.#panels(Array.isArray(row.panels) ? row.panels : [])) {
        const where = panelTitle(panel, ++this.#count);
        if (panel.gridPos?.w != null) {
          this.placed.push({ panel, place: placeOf(panel, y), where });
          continue;
        }
        const w = within((panel.span ?? 4) * 2, 1, gridColumns);
        const h = heightOf(panel.height ?? row.height);
        if (x + w > gridColumns) {
          y += tallest;
          [x, tallest] = [0, 0];
        }
        this.placed.push({ panel, place: { x, y, w, h }, where });
        x += w;
        tallest = Math.max(tallest, h);
      }
      y += tallest;
    }
  }

  #row(entry: unknown): GrafanaRow[] {
    if (isObject(entry)) return [grafanaRow.parse(entry)];
    this.#losses.addPanel('rows', 'not_a_panel', { number: ++this.#count });
    return [];
  }

  #inside(panel: GrafanaPanel): GrafanaPanel[] {
    return Array.isArray(panel.panels) ? this.#panels(panel.panels) : [];
  }

  #panels(entries: readonly unknown[]): GrafanaPanel[] {
    return entries.flatMap((entry, i) => {
      if (!isObject(entry)) {
        this.#losses.addPanel('panels', 'not_a_panel', { number: i + 1 });
        return [];
      }
      const where = panelTitle(grafanaPanel.parse(entry), this.#count + i + 1);
      const whole = withLibraryModel(entry, where, this.#elements, this.#losses);
      return whole === null ? [] : [grafanaPanel.parse(whole)];
    });
  }
}

const topOf = ({ gridPos }: GrafanaPanel): number => within(gridPos?.y ?? 0, 0, maxY);
const leftOf = ({ gridPos }: GrafanaPanel): number => gridPos?.x ?? 0;
/** Maximum row, beyond any real dashboard; empty rows are removed afterwards. */
const maxY = 1e9;

const rowPlace = (y: number): GridPlace => ({ x: 0, y, w: gridColumns, h: 1 });

function placeOf({ gridPos }: GrafanaPanel, down: number): GridPlace {
  // A panel without a size, or of size 0, gets Grafana's default.
  const w = within(gridPos?.w || gridColumns / 2, 1, gridColumns);
  return {
    x: within(gridPos?.x ?? 0, 0, gridColumns - w),
    y: within(gridPos?.y ?? 0, 0, maxY) + down,
    w,
    h: within(gridPos?.h || 8, 1, 200),
  };
}

/** Places panels without a position after the previous panel, two per row. */
function inFlow(panels: readonly GrafanaPanel[]): GrafanaPanel[] {
  let [x, y] = [0, 0];
  return panels.map((panel) => {
    const width = panel.type === 'row' ? gridColumns : gridColumns / 2;
    const height = panel.type === 'row' ? 1 : 8;
    if (panel.gridPos?.y != null) {
      [x, y] = [0, Math.max(y, topOf(panel) + within(panel.gridPos.h || height, 1, 200))];
      return panel;
    }
    if (x + width > gridColumns) [x, y] = [0, y + 8];
    const placed = { ...panel, gridPos: { w: width, h: height, ...panel.gridPos, x, y } };
    if (width === gridColumns) y += height;
    else x += width;
    return placed;
  });
}

/**
 * Moves overlapping panels down until they are free, within their section, and removes empty rows of the grid. Other panels keep their
 * position relative to their neighbours.
 */
function settled(inOrder: readonly Placed[]): Placed[] {
  /** Occupied columns of each row of the grid, one bit per column. */
  const taken: number[] = [];
  let section = 0;
  const done = withoutEmptyRows(inOrder).map((one) => {
    const place = { ...one.place, y: freeRow(taken, { ...one.place, y: Math.max(one.place.y, section) }) };
    for (let row = place.y; row < place.y + place.h; row += 1) taken[row] = (taken[row] ?? 0) | columnsOf(place);
    if (one.panel.type === 'row') section = place.y + place.h;
    return { ...one, place };
  });
  return withoutEmptyRows(done);
}

const columnsOf = ({ x, w }: GridPlace): number => ((1 << w) - 1) << x;

/** Returns the first row at or below `place.y` from which all cells are free. */
function freeRow(taken: readonly number[], place: GridPlace): number {
  const columns = columnsOf(place);
  let { y } = place;
  for (let row = y; row < y + place.h; row += 1) if (((taken[row] ?? 0) & columns) !== 0) y = row + 1;
  return y;
}

function withoutEmptyRows(placed: readonly Placed[]): Placed[] {
  let [filledTo, removed] = [0, 0];
  return placed
    .toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x)
    .map((one) => {
      if (one.place.y > filledTo) removed += one.place.y - filledTo;
      filledTo = Math.max(filledTo, one.place.y + one.place.h);
      return { ...one, place: { ...one.place, y: one.place.y - removed } };
    });
}

/** Converts pixels (`250px`, 250) to grid rows of 30 px with gaps of 8 px. */
function heightOf(height: string | number | null | undefined): number {
  const pixels = Number.parseFloat(String(height ?? 250));
  return within(Math.ceil((Number.isFinite(pixels) ? pixels : 250) / 38), 3, 200);
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(value)));
}
