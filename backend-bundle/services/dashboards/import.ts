import type { ChartDefinition } from '#common/contract/charts.ts';
import type { DashboardBody, dashboards, NotCarried } from '#common/contract/dashboards.ts';
import type { ReplyOf, RequestOf } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { dashboardFile } from '#common/dashboards/format.ts';
import { notCarriedOf } from '#common/dashboards/grafana/losses.ts';
import { importGrafana } from '#common/dashboards/grafana.ts';
import { same } from '#common/versions/shape.ts';
import type { Database } from '../../engines/database/port.ts';
import type { Versions } from '../versions.ts';
import { chartsMustExist, chartsOf } from './charts.ts';

const note = 'imported';

interface Stores {
  database: Database;
  versions: Versions<DashboardBody>;
  charts: Versions<ChartDefinition>;
}
interface Read {
  from: 'watchfloor' | 'grafana';
  dashboard: DashboardBody;
  charts: readonly ChartDefinition[];
  notCarried: NotCarried[];
}

/**
 * Reads a file and, where it is to be kept, stores the dashboard and the charts it brings. A chart that is here already stays as it is.
 * @throws AppError conflict when the code is taken; validation_failed when the file cannot be read
 */
export async function importDashboard(
  { database, versions, charts }: Stores,
  { json, keep, code, folder }: RequestOf<typeof dashboards.import>['body'],
  by: string,
): Promise<ReplyOf<typeof dashboards.import>> {
  const read = readFile(json);
  const dashboard = { ...read.dashboard, code: code ?? read.dashboard.code, folder: folder === '' ? read.dashboard.folder : folder };
  return database.transaction(async (tx) => {
    const notCarried = [...read.notCarried];
    for (const chart of read.charts) {
      const here = await charts.find(tx, chart.code);
      if (here === null) {
        if (keep) await charts.create(tx, chart, by, note);
      } else if (!same(here.body, chart)) {
        notCarried.push(notCarriedOf(chart.title, 'chart_differs', { code: chart.code }, 'panel'));
      }
    }
    await chartsMustExist(
      tx,
      dashboard,
      read.charts.map((chart) => chart.code),
    );
    if (keep) await versions.create(tx, dashboard, by, note);
    else if ((await versions.find(tx, dashboard.code)) !== null) {
      notCarried.push(notCarriedOf(dashboard.title, 'code_taken', { code: dashboard.code }, 'dashboard'));
    }
    return { from: read.from, dashboard, notCarried };
  });
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
    hint: 'Import the file as it was exported, or mend it there.',
  });
}
