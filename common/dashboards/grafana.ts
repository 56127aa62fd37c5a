import { type DashboardBody, dashboardBody, type NotCarried } from '../contract/dashboards.ts';
import { AppError } from '../contract/errors.ts';
import { type TimeRange, timeRange } from '../contract/range.ts';
import { dayMs } from '../time/durations.ts';
import { durationOf } from '../time/exact-duration.ts';
import { withInputs } from './grafana/inputs.ts';
import type { JsonObject } from './grafana/json.ts';
import { elementsOf } from './grafana/library.ts';
import { dashboardItself, fitting, Losses } from './grafana/losses.ts';
import { type GrafanaDashboard, grafanaDashboard } from './grafana/model.ts';
import { importPanel } from './grafana/panels.ts';
import { placedPanels } from './grafana/places.ts';
import { sourcesOf } from './grafana/queries.ts';
import { unwrap } from './grafana/unwrap.ts';
import { classicOf } from './grafana/v2.ts';
import { importVariables } from './grafana/variables.ts';

const where = dashboardItself;

/**
 * Imports a Grafana dashboard in any of its wrappers. Anything without an exact counterpart is left out or simplified, and listed: every
 * panel of the file is either in the result or in that list. Colours, legend positions and the like follow this product's own style and are
 * not listed.
 * @throws AppError validation_failed when there is no dashboard in it
 */
export function importGrafana(json: unknown): { dashboard: DashboardBody; notCarried: NotCarried[] } {
  const losses = new Losses();
  const file = modelOf(json, losses);
  const model = grafanaDashboard.parse(file);
  const title = fitting(model.title?.trim() || 'Imported dashboard', 120, where, 'title', losses);
  const { variables, names } = importVariables(model, losses);
  const context = { names, sources: sourcesOf(model), losses };
  const dashboard = dashboardBody.parse({
    code: codeOf(title) || codeOf(model.uid ?? '') || 'imported',
    title,
    description: fitting(model.description ?? '', 2_000, where, 'description', losses),
    tags: tagsOf(model, losses),
    ...rangeOf(model, losses),
    refreshMs: refreshOf(model, losses),
    variables,
    panels: panelsOf(file, context),
  });
  reportDropped(model, losses);
  return { dashboard, notCarried: losses.all };
}

/** Returns the classic model, with inputs filled in. */
function modelOf(json: unknown, losses: Losses): JsonObject {
  const found = unwrap(json);
  if (found === null) {
    throw new AppError(
      'validation_failed',
      'This is neither a dashboard exported from Watchfloor nor one from Grafana: it has no panels and no rows.',
      {
        field: 'json',
        hint: 'Give the whole content of the exported file, as JSON.',
      },
    );
  }
  const filled = withInputs(found.model, found.inputs, losses);
  return found.version === 1 ? filled : classicOf(filled, losses);
}

function panelsOf(file: JsonObject, context: Parameters<typeof importPanel>[2]): DashboardBody['panels'] {
  const taken = new Set<string>();
  return placedPanels(file, elementsOf(file), context.losses).flatMap((one, i) => {
    const id = panelId(one.panel.id == null ? `panel${i + 1}` : `p${one.panel.id}`, taken);
    return importPanel(one, id, context) ?? [];
  });
}

function codeOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 64);
}

function panelId(wanted: string, taken: Set<string>): string {
  const id = wanted.slice(0, 56);
  let free = id;
  for (let n = 2; taken.has(free); n++) free = `${id}-${n}`;
  taken.add(free);
  return free;
}

function tagsOf({ tags }: GrafanaDashboard, losses: Losses): string[] {
  const fit = (tags ?? []).filter((tag) => tag.length >= 1 && tag.length <= 40).slice(0, 20);
  if (fit.length < (tags ?? []).length) losses.add(where, 'tags');
  return fit;
}

function rangeOf({ time }: GrafanaDashboard, losses: Losses): { range?: TimeRange } {
  const [from, to] = [time?.from?.trim() || 'now-6h', time?.to?.trim() || 'now'];
  const lastMs = to === 'now' ? durationOf(/^now-(\d+[smhdw])$/.exec(from)?.[1] ?? '') : null;
  const [start, end] = [endOf(from), endOf(to)];
  const fixed = typeof start === 'number' && typeof end === 'number';
  const print = (at: string | number) => (typeof at === 'number' ? new Date(at).toISOString() : at);
  const wanted = lastMs !== null ? { lastMs } : fixed ? { from: start, to: end } : { from: print(start), to: print(end) };
  const range = timeRange.safeParse(wanted);
  if (range.success && !(fixed && start >= end)) return { range: range.data };
  losses.add(where, 'range', { value: `${from} to ${to}` });
  return {};
}

/** Returns a fixed time in ms, or a relative one unchanged. A time without a zone is in UTC, as Grafana stores it. */
function endOf(text: string): number | string {
  if (text.startsWith('now')) return text.replaceAll(' ', '');
  if (/^\d{9,15}$/.test(text)) return Number(text);
  const bare = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?$/.exec(text);
  const at = Date.parse(bare ? `${bare[1]}T${bare[2] ?? '00:00'}Z` : text);
  return Number.isNaN(at) ? text : at;
}

function refreshOf({ refresh }: GrafanaDashboard, losses: Losses): number {
  if (refresh == null || refresh === '' || typeof refresh === 'boolean') return 0;
  const ms = durationOf(refresh);
  if (ms !== null && ms <= dayMs) return ms;
  losses.add(where, 'refresh', { value: refresh });
  return 0;
}

function reportDropped({ annotations, links, timezone, weekStart, fiscalYearStartMonth }: GrafanaDashboard, losses: Losses): void {
  for (const { name, builtIn } of annotations?.list ?? []) {
    if (!builtIn) losses.add(where, 'annotations', { name: name ?? '' });
  }
  for (const { title } of links ?? []) losses.add(where, 'dashboard_link', { name: title ?? '' });
  if (timezone && timezone !== 'browser') losses.add(where, 'time_zone', { value: timezone });
  if (weekStart && weekStart !== 'browser' && weekStart !== 'monday') losses.add(where, 'week_start', { value: weekStart });
  if (fiscalYearStartMonth) losses.add(where, 'fiscal_year', { value: fiscalYearStartMonth + 1 });
}
