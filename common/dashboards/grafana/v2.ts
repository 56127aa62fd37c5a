import { fieldOf, isObject, type JsonObject, listIn, textIn } from './json.ts';
import type { Losses } from './losses.ts';

/**
 * Converts a dashboard of Grafana's second schema (`dashboard.grafana.app/v2`: elements and a layout) to the classic model, so that one
 * reader handles both. Rows become rows, tabs become headings, and a layout without positions gets three panels per row.
 */
export function classicOf(spec: JsonObject, losses: Losses): JsonObject {
  const time = fieldOf(spec, 'timeSettings');
  const elements = fieldOf(spec, 'elements') as JsonObject;
  const layout = new Layout(elements, losses);
  layout.place(fieldOf(spec, 'layout'));
  layout.reportUnplaced();
  return {
    title: fieldOf(spec, 'title'),
    description: fieldOf(spec, 'description'),
    tags: fieldOf(spec, 'tags'),
    time: { from: fieldOf(time, 'from'), to: fieldOf(time, 'to') },
    timezone: fieldOf(time, 'timezone'),
    weekStart: fieldOf(time, 'weekStart'),
    fiscalYearStartMonth: fieldOf(time, 'fiscalYearStartMonth'),
    refresh: fieldOf(time, 'autoRefresh'),
    templating: { list: listIn(spec, 'variables').map(variableOf) },
    annotations: { list: listIn(spec, 'annotations').map((one) => fieldOf(one, 'spec')) },
    links: fieldOf(spec, 'links'),
    panels: layout.panels,
  };
}

const kindOf = (value: unknown): string => textIn(value, 'kind') ?? '';

/** `QueryVariable` → `query`. */
function variableOf(variable: unknown): JsonObject {
  const spec = fieldOf(variable, 'spec');
  const query = fieldOf(spec, 'query');
  const written = isObject(query) ? (fieldOf(query, 'spec') ?? query) : query;
  const kind = kindOf(variable).replace(/Variable$/, '');
  return {
    ...(isObject(spec) ? spec : {}),
    type: kind === 'Text' ? 'textbox' : kind.toLowerCase(),
    query: fieldOf(written, 'query') ?? fieldOf(written, '__legacyStringValue') ?? written,
  };
}

/** Places panels in the classic grid, in the order of the layout. */
class Layout {
  readonly panels: JsonObject[] = [];
  readonly #elements: JsonObject;
  readonly #losses: Losses;
  readonly #placed = new Set<string>();
  #bottom = 0;

  constructor(elements: JsonObject, losses: Losses) {
    this.#elements = elements;
    this.#losses = losses;
  }

  /** Adds the panels of a layout below all others. */
  place(layout: unknown): void {
    const spec = fieldOf(layout, 'spec');
    for (const tab of listIn(spec, 'tabs')) {
      const title = textIn(fieldOf(tab, 'spec'), 'title') ?? '';
      this.#losses.add(title, 'tab');
      this.#section(title, fieldOf(tab, 'spec'));
    }
    for (const row of listIn(spec, 'rows')) {
      const inner = fieldOf(row, 'spec');
      this.#section(fieldOf(inner, 'hideHeader') === true ? '' : (textIn(inner, 'title') ?? ''), inner);
    }
    const top = this.#bottom;
    const columns = Number(fieldOf(spec, 'maxColumnCount') ?? 3);
    const inRow = Number.isInteger(columns) && columns >= 1 && columns <= 12 ? columns : 3;
    for (const [i, item] of listIn(spec, 'items').entries()) {
      const inner = fieldOf(item, 'spec');
      const own = { x: fieldOf(inner, 'x'), y: fieldOf(inner, 'y'), w: fieldOf(inner, 'width'), h: fieldOf(inner, 'height') };
      const w = Math.floor(24 / inRow);
      const free = { x: (i % inRow) * w, y: Math.floor(i / inRow) * 8, w, h: 8 };
      if (kindOf(item) === 'GridLayoutRow') this.#gridRow(inner, top);
      else this.#panel(inner, typeof own.y === 'number' ? { ...own, y: top + own.y } : { ...free, y: top + free.y });
    }
  }

  /** Reports panels that are in no layout: Grafana does not show them. */
  reportUnplaced(): void {
    for (const [name, element] of Object.entries(this.#elements)) {
      if (!this.#placed.has(name)) this.#losses.addPanel(textIn(fieldOf(element, 'spec'), 'title') || name, 'unplaced');
    }
  }

  #section(title: string, spec: unknown): void {
    const repeat = textIn(fieldOf(spec, 'repeat'), 'value');
    if (title !== '') this.#add({ type: 'row', title, repeat, gridPos: { x: 0, y: this.#bottom, w: 24, h: 1 } });
    this.place(fieldOf(spec, 'layout'));
  }

  #gridRow(spec: unknown, top: number): void {
    const y = Number(fieldOf(spec, 'y') ?? 0);
    this.#add({ type: 'row', title: fieldOf(spec, 'title'), gridPos: { x: 0, y: top + y, w: 24, h: 1 } });
    const below = top + y + 1;
    for (const item of listIn(spec, 'elements')) {
      const inner = fieldOf(item, 'spec');
      const place = { x: fieldOf(inner, 'x'), w: fieldOf(inner, 'width'), h: fieldOf(inner, 'height') };
      this.#panel(inner, { ...place, y: below + Number(fieldOf(inner, 'y') ?? 0) });
    }
  }

  #panel(item: unknown, gridPos: JsonObject): void {
    const name = textIn(fieldOf(item, 'element'), 'name') ?? '';
    const element = fieldOf(this.#elements, name);
    if (!isObject(element)) {
      this.#losses.addPanel(name, 'not_a_panel', { number: this.panels.length + 1 });
      return;
    }
    this.#placed.add(name);
    this.#add({ ...panelOf(element), repeat: textIn(fieldOf(item, 'repeat'), 'value'), gridPos });
  }

  #add(panel: JsonObject): void {
    this.panels.push(panel);
    const { y, h } = panel['gridPos'] as JsonObject;
    const bottom = Number(y) + Number(h ?? 8);
    if (Number.isFinite(bottom)) this.#bottom = Math.max(this.#bottom, bottom);
  }
}

function panelOf(element: JsonObject): JsonObject {
  const spec = fieldOf(element, 'spec');
  const common = { id: fieldOf(spec, 'id'), title: fieldOf(spec, 'title') };
  if (kindOf(element) === 'LibraryPanel') return { ...common, libraryPanel: fieldOf(spec, 'libraryPanel') };
  const viz = fieldOf(spec, 'vizConfig');
  const data = fieldOf(fieldOf(spec, 'data'), 'spec');
  const options = fieldOf(data, 'queryOptions');
  return {
    ...common,
    // The first drafts of the schema had the plugin as the kind.
    type: textIn(viz, 'group') ?? (kindOf(viz) || null),
    description: fieldOf(spec, 'description'),
    links: fieldOf(spec, 'links'),
    fieldConfig: fieldOf(fieldOf(viz, 'spec'), 'fieldConfig'),
    options: fieldOf(fieldOf(viz, 'spec'), 'options'),
    targets: listIn(data, 'queries').map(targetOf),
    transformations: listIn(data, 'transformations').map((one) => ({ id: textIn(one, 'group') ?? kindOf(one) })),
    interval: fieldOf(options, 'interval'),
    timeFrom: fieldOf(options, 'timeFrom'),
    timeShift: fieldOf(options, 'timeShift'),
  };
}

function targetOf(query: unknown): JsonObject {
  const spec = fieldOf(query, 'spec');
  const asked = fieldOf(spec, 'query');
  const inner = fieldOf(asked, 'spec');
  const type = textIn(asked, 'group') ?? kindOf(asked);
  return {
    ...(isObject(inner) ? inner : {}),
    refId: fieldOf(spec, 'refId'),
    hide: fieldOf(spec, 'hidden'),
    datasource: fieldOf(spec, 'datasource') ?? (type === '' ? null : { type }),
  };
}
