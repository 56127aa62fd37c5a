import { type ChartDrawing, chartDrawing } from '../../contract/charts.ts';
import { type GridPlace, gridColumns, type Panel } from '../../contract/dashboards.ts';
import { aggregationOf, chartTypeOf, looksOf } from './looks.ts';
import { fitting, type Losses } from './losses.ts';
import type { GrafanaPanel, GrafanaRow } from './model.ts';
import { importQueries, type QueryContext } from './queries.ts';

/** A panel and where it goes. */
export interface Placed {
  panel: GrafanaPanel;
  place: GridPlace;
}

export type PanelContext = Omit<QueryContext, 'where'>;

/**
 * One panel. A chart none of whose queries has a counterpart becomes a text that shows them, in its place, so that it can be made
 * again by hand; a panel of a kind that has none is left out. Both are told to the losses.
 */
export function importPanel({ panel, place }: Placed, id: string, context: PanelContext): Panel | null {
  const { losses } = context;
  const where = titleOf(panel, id);
  const title = fitting(where, 120, where, 'title', losses);
  if (panel.type === 'row') return { id, place, kind: 'text', title: '', markdown: `## ${title}` };
  if (panel.type === 'text') return { id, place, kind: 'text', title: panel.title ? title : '', markdown: textOf(panel, where, losses) };
  if (panel.libraryPanel != null && panel.targets == null) {
    losses.add(where, 'library panel', 'The file does not hold it. In Grafana, unlink it before exporting.');
    return null;
  }
  tellWhatIsDropped(panel, where, losses);
  if (panel.type === 'logs') {
    const queries = (panel.targets ?? []).flatMap(({ expr }) => (expr ? [expr] : []));
    if (queries.length > 1) losses.add(where, queries.slice(1).join('\n'), 'A logs panel has one query.');
    return { id, place, kind: 'logs', title, query: fitting(queries[0] ?? '', 4_000, where, 'query', losses) };
  }
  const drawing = importDrawing(panel, title, where, context);
  if (drawing === 'unknown kind') {
    losses.add(where, `panel of type ${panel.type ?? 'none'}`, 'Panels of this type have no counterpart; it is left out.');
    return null;
  }
  return drawing === 'no query'
    ? { id, place, kind: 'text', title, markdown: queriesAsText(panel) }
    : { id, place, kind: 'chart', drawing };
}

function importDrawing(
  panel: GrafanaPanel,
  title: string,
  where: string,
  context: PanelContext,
): ChartDrawing | 'unknown kind' | 'no query' {
  const { losses } = context;
  const type = chartTypeOf(panel, where, losses);
  if (type === null) return 'unknown kind';
  const found = importQueries(panel, aggregationOf(panel, type, where, losses), { ...context, where });
  const [own, ...beside] = found?.queries ?? [];
  if (own === undefined) {
    if ((panel.targets ?? []).length === 0) losses.add(where, 'queries', 'It has none.');
    return 'no query';
  }
  const { name: _, ...measure } = own;
  return chartDrawing.parse({
    title,
    description: fitting(panel.description ?? '', 2_000, where, 'description', losses),
    ...measure,
    beside,
    ...(found?.bucketMs == null ? {} : { bucketMs: found.bucketMs }),
    ...looksOf(panel, type, where, losses),
  });
}

function titleOf(panel: GrafanaPanel, id: string): string {
  return panel.title?.trim() || `Panel ${id}`;
}

function textOf(panel: GrafanaPanel, where: string, losses: Losses): string {
  const content = panel.options?.content ?? panel.content ?? '';
  const mode = panel.options?.mode ?? panel.mode ?? 'markdown';
  if (mode === 'html') losses.add(where, 'HTML', 'Text panels are Markdown; tags are shown as text.');
  return fitting(mode === 'code' ? `\`\`\`\n${content}\n\`\`\`` : content, 20_000, where, 'text', losses);
}

function queriesAsText(panel: GrafanaPanel): string {
  const queries = (panel.targets ?? []).map((target) => target.expr?.trim() || JSON.stringify(target));
  const text = ['This panel’s queries have no counterpart here:', ...queries.map((query) => `\`\`\`\n${query}\n\`\`\``)].join('\n\n');
  return text.slice(0, 20_000);
}

function tellWhatIsDropped(panel: GrafanaPanel, where: string, losses: Losses): void {
  if (panel.repeat) losses.add(where, `repeat by ${panel.repeat}`, 'Panels are not repeated; a chart draws one line for each series.');
  for (const { id } of panel.transformations ?? [])
    losses.add(where, `transformation ${id ?? ''}`.trim(), 'Values are drawn as they are stored.');
  const overrides = (panel.fieldConfig?.overrides ?? []).length + (panel.seriesOverrides ?? []).length;
  if (overrides > 0) losses.add(where, `${overrides} overrides`, 'All lines of a chart are drawn alike.');
  if ((panel.fieldConfig?.defaults?.mappings ?? []).length + (panel.valueMaps ?? []).length > 0)
    losses.add(where, 'value mappings', 'Values are shown as numbers.');
  if ((panel.links ?? []).length > 0) losses.add(where, 'links', 'Panels have no links.');
  if (panel.timeFrom || panel.timeShift)
    losses.add(where, `own time ${panel.timeFrom ?? panel.timeShift}`, 'All panels share the range of the dashboard.');
  if (panel.alert != null) losses.add(where, 'alert', 'Make an alert rule on a chart of the library.');
}

/** All panels with their places: headings opened, older rows laid out as Grafana does. */
export function placedPanels(panels: readonly GrafanaPanel[], rows: readonly GrafanaRow[], losses: Losses): Placed[] {
  return rows.length > 0 ? fromRows(rows, losses) : fromGrid(panels, losses);
}

function fromGrid(panels: readonly GrafanaPanel[], losses: Losses): Placed[] {
  const placed: Placed[] = [];
  let pushed = 0;
  for (const panel of panels.toSorted((a, b) => (a.gridPos?.y ?? 0) - (b.gridPos?.y ?? 0) || (a.gridPos?.x ?? 0) - (b.gridPos?.x ?? 0))) {
    placed.push({ panel, place: placeOf(panel, pushed) });
    if (panel.type !== 'row') continue;
    if (panel.repeat) losses.add(titleOf(panel, ''), `repeat by ${panel.repeat}`, 'Rows are not repeated.');
    const inside = panel.panels ?? [];
    if (inside.length === 0) continue;
    losses.add(titleOf(panel, ''), 'closed row', 'Rows are headings here; its panels stand below it.');
    // Grafana keeps the places the panels had when the row was open.
    const top = Math.min(...inside.map(({ gridPos }) => gridPos?.y ?? 0));
    const below = (panel.gridPos?.y ?? 0) + 1 + pushed;
    const opened = inside.map((one) => ({ panel: one, place: placeOf(one, below - top) }));
    placed.push(...opened);
    pushed += Math.max(...opened.map(({ place }) => place.y + place.h)) - below;
  }
  return placed;
}

function placeOf({ gridPos }: GrafanaPanel, down: number): GridPlace {
  const w = within(gridPos?.w ?? 12, 1, gridColumns);
  return {
    x: within(gridPos?.x ?? 0, 0, gridColumns - w),
    y: within((gridPos?.y ?? 0) + down, 0, 10_000),
    w,
    h: within(gridPos?.h ?? 8, 1, 200),
  };
}

/** Rows of the form before version 5: widths in twelfths, one height a row in pixels. */
function fromRows(rows: readonly GrafanaRow[], losses: Losses): Placed[] {
  const placed: Placed[] = [];
  let y = 0;
  for (const row of rows) {
    const title = row.title?.trim() ?? '';
    if (row.repeat) losses.add(title, `repeat by ${row.repeat}`, 'Rows are not repeated.');
    if (row.collapse) losses.add(title, 'closed row', 'Rows are headings here; its panels stand below it.');
    if (title !== '' && (row.showTitle || row.collapse)) {
      placed.push({ panel: { type: 'row', title }, place: { x: 0, y, w: gridColumns, h: 1 } });
      y += 1;
    }
    let [x, tallest] = [0, 0];
    for (const panel of row.panels ?? []) {
      const w = within((panel.span ?? 4) * 2, 1, gridColumns);
      const h = heightOf(panel.height ?? row.height);
      if (x + w > gridColumns) {
        y += tallest;
        [x, tallest] = [0, 0];
      }
      placed.push({ panel, place: { x, y: within(y, 0, 10_000), w, h } });
      x += w;
      tallest = Math.max(tallest, h);
    }
    y += tallest;
  }
  return placed;
}

/** Pixels (`250px`, 250) in grid rows of 30 with gaps of 8. */
function heightOf(height: string | number | null | undefined): number {
  const pixels = Number.parseFloat(String(height ?? 250));
  return within(Math.ceil((Number.isFinite(pixels) ? pixels : 250) / 38), 3, 200);
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(value)));
}
