import type { ChartDefinition } from '#common/contract/charts.ts';
import type { DashboardBody, dashboards, NotCarried } from '#common/contract/dashboards.ts';
import type { ReplyOf } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { dashboardFile } from '#common/dashboards/format.ts';
import { notCarriedOf } from '#common/dashboards/grafana/losses.ts';
import { importGrafana } from '#common/dashboards/grafana.ts';
import type { Database } from '../../engines/database/port.ts';
import type { ChartLibrary } from '../chart-library.ts';
import type { PeerCalls } from '../peers.ts';
import type { RequestTo } from '../service.ts';
import type { Versions } from '../versions.store.ts';
import { chartsMustExist, chartsOf } from './charts.ts';

const note = 'imported';

interface Stores {
  database: Database<'dashboards'>;
  versions: Versions<DashboardBody, 'dashboards'>;
  library: ChartLibrary;
  /** The charts service, called on behalf of the importing user. */
  charts: PeerCalls['charts'];
}
interface Read {
  from: 'watchfloor' | 'grafana';
  dashboard: DashboardBody;
  charts: readonly ChartDefinition[];
  notCarried: NotCarried[];
}

/**
 * Reads a file and, unless it is a preview, stores its dashboard and charts. Existing charts are not changed.
 *
 * Two services store the charts and the dashboard, charts first. Everything is validated before anything is stored. If storing the
 * dashboard still fails, the charts stay in the library, and repeating the import completes it.
 * @throws AppError conflict when the code is taken; validation_failed when the file cannot be read
 */
export async function importDashboard(
  { database, versions, library, charts }: Stores,
  { body: { json, keep, code, folder }, caller, commit }: RequestTo<typeof dashboards.import>,
): Promise<ReplyOf<typeof dashboards.import>> {
  const read = readFile(json);
  const dashboard = { ...read.dashboard, code: code ?? read.dashboard.code, folder: folder === '' ? read.dashboard.folder : folder };
  const imported = read.charts.map((chart) => chart.code);
  await chartsMustExist(library, dashboard, imported);
  const here = await versions.find(database.query, dashboard.code);
  if (keep && here !== null) throw versions.taken(dashboard.code);
  const { items } = imported.length === 0 ? { items: [] } : await charts.import({ body: { charts: [...read.charts], keep } });
  const different = new Set(items.filter(({ outcome }) => outcome === 'differs').map((item) => item.code));
  const notCarried = [
    ...read.notCarried,
    ...read.charts
      .filter((chart) => different.has(chart.code))
      .map((chart) => notCarriedOf(chart.title, 'chart_differs', { code: chart.code }, 'panel')),
  ];
  const answer = { from: read.from, dashboard, notCarried };
  if (keep) {
    return commit(database, async (tx) => {
      await versions.create(tx, dashboard, caller.name, note);
      return answer;
    });
  }
  if (here !== null) notCarried.push(notCarriedOf(dashboard.title, 'code_taken', { code: dashboard.code }, 'dashboard'));
  return answer;
}

function readFile(json: unknown): Read {
  if (typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'watchfloor.dashboard') return readOwn(json);
  return { from: 'grafana', charts: [], ...importGrafana(json) };
}

function readOwn(json: object): Read {
  if ('format' in json && typeof json.format === 'number' && json.format > 1) {
    throw new AppError('validation_failed', `The file has format ${json.format}, written by a newer Watchfloor; this one reads format 1.`, {
      field: 'json.format',
      hint: 'Update this backend, or export the dashboard from one like it.',
    });
  }
  const file = dashboardFile.safeParse(json);
  if (file.success) {
    const { dashboard, charts } = file.data;
    const shown = new Set(chartsOf(dashboard));
    return { from: 'watchfloor', dashboard, charts: charts.filter(({ code }) => shown.has(code)), notCarried: [] };
  }
  const [issue] = file.error.issues;
  throw new AppError('validation_failed', `The file cannot be read: ${issue?.path.join('.')}: ${issue?.message}`, {
    field: ['json', ...(issue?.path ?? [])].join('.'),
    hint: 'Import the file as it was exported, or correct the dashboard and export it again.',
  });
}
