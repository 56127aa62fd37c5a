import { type DashboardBody, dashboardBody, dashboardRange, type NotCarried } from '../contract/dashboards.ts';
import { AppError } from '../contract/errors.ts';
import { durationOf } from './grafana/expression.ts';
import { fitting, Losses } from './grafana/losses.ts';
import { type GrafanaDashboard, grafanaDashboard } from './grafana/model.ts';
import { importPanel, placedPanels } from './grafana/panels.ts';
import { sourcesOf } from './grafana/queries.ts';
import { importVariables } from './grafana/variables.ts';

const where = 'Dashboard';
const mostPanels = 100;

/** Whether this looks like a dashboard of Grafana: its model, or the model as the API wraps it. */
export function isGrafana(json: unknown): boolean {
  return typeof json === 'object' && json !== null && ['panels', 'rows', 'schemaVersion', 'dashboard', 'spec'].some((name) => name in json);
}

/**
 * Reads a dashboard of Grafana. What has no exact counterpart is left out, or drawn with less, and listed: nothing is changed in
 * silence. Colours, legends' places and the like follow this product's own looks and are not listed.
 * @throws AppError validation_failed when it is not in Grafana's model
 */
export function importGrafana(json: unknown): { dashboard: DashboardBody; notCarried: NotCarried[] } {
  const model = modelOf(json);
  const losses = new Losses();
  const title = fitting(model.title?.trim() || 'Imported dashboard', 120, where, 'title', losses);
  const { variables, names } = importVariables(model, losses);
  const context = { names, sources: sourcesOf(model), losses };
  const placed = placedPanels(model.panels ?? [], model.rows ?? [], losses);
  const taken = new Set<string>();
  const panels = placed.flatMap(
    (one, i) => importPanel(one, panelId(one.panel.id == null ? `panel${i + 1}` : `p${one.panel.id}`, taken), context) ?? [],
  );
  if (panels.length > mostPanels) {
    losses.add(where, `${panels.length} panels`, `A dashboard has at most ${mostPanels}; the first are kept.`);
  }
  const dashboard = dashboardBody.parse({
    code: codeOf(title) || codeOf(model.uid ?? '') || 'imported',
    title,
    description: fitting(model.description ?? '', 2_000, where, 'description', losses),
    tags: tagsOf(model, losses),
    ...rangeOf(model, losses),
    refreshMs: refreshOf(model, losses),
    variables,
    panels: panels.slice(0, mostPanels),
  });
  tellWhatIsDropped(model, losses);
  return { dashboard, notCarried: losses.all };
}

function modelOf(json: unknown): GrafanaDashboard {
  const wrapped =
    typeof json === 'object' && json !== null && 'dashboard' in json && typeof json.dashboard === 'object' ? json.dashboard : json;
  if (typeof wrapped === 'object' && wrapped !== null && 'spec' in wrapped) {
    throw new AppError('validation_failed', 'This is a dashboard in Grafana’s resource format (apiVersion, spec).', {
      field: 'json',
      hint: 'In Grafana choose Export → Classic, and import that file.',
    });
  }
  const checked = grafanaDashboard.safeParse(wrapped);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new AppError('validation_failed', `This is not a dashboard of Grafana: ${issue?.path.join('.')}: ${issue?.message}`, {
    field: ['json', ...(issue?.path ?? [])].join('.'),
    hint: 'Export it from Grafana as JSON, and import the file unchanged.',
  });
}

function codeOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 64);
}

function panelId(id: string, taken: Set<string>): string {
  let free = id;
  for (let n = 2; taken.has(free); n++) free = `${id}-${n}`;
  taken.add(free);
  return free;
}

function tagsOf({ tags }: GrafanaDashboard, losses: Losses): string[] {
  const fit = (tags ?? []).filter((tag) => tag.length >= 1 && tag.length <= 40).slice(0, 20);
  if (fit.length < (tags ?? []).length) losses.add(where, 'tags', 'At most 20 tags of 40 characters are kept.');
  return fit;
}

function rangeOf({ time }: GrafanaDashboard, losses: Losses): Partial<Pick<DashboardBody, 'range'>> {
  const [from, to] = [time?.from ?? 'now-6h', time?.to ?? 'now'];
  const said = `range ${from} to ${to}`;
  const last = to === 'now' ? { lastMs: durationOf(/^now-(.+)$/.exec(from)?.[1] ?? '') ?? 0 } : null;
  const fixed = { from: Date.parse(from), to: Date.parse(to) };
  const range = dashboardRange.safeParse(last ?? fixed);
  if (range.success && (last !== null || fixed.from < fixed.to)) return { range: range.data };
  losses.add(where, said, 'Ranges are the last so much time, or two fixed times; the last 6 hours stand here.');
  return {};
}

function refreshOf({ refresh }: GrafanaDashboard, losses: Losses): number {
  if (refresh == null || refresh === '' || typeof refresh === 'boolean') return 0;
  const ms = durationOf(refresh);
  if (ms !== null && ms <= 86_400_000) return ms;
  losses.add(where, `refresh ${refresh}`, 'Panels follow the arrival of points.');
  return 0;
}

function tellWhatIsDropped({ annotations, links, timezone }: GrafanaDashboard, losses: Losses): void {
  for (const { name, builtIn } of annotations?.list ?? []) {
    if (!builtIn) losses.add(where, `annotations “${name ?? ''}”`, 'Dashboards do not ask for annotations.');
  }
  for (const { title } of links ?? []) losses.add(where, `link “${title ?? ''}”`, 'Dashboards have no links.');
  if (timezone && timezone !== 'browser') losses.add(where, `time zone ${timezone}`, 'The reader’s time zone is used.');
}
