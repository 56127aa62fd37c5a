import type { ChartDefinition } from '#common/contract/charts.ts';
import type { Dashboard, DashboardBody, DashboardSummary, dashboards, Panel } from '#common/contract/dashboards.ts';
import type { RequestOf } from '#common/contract/endpoint.ts';
import { panelName } from '#common/versions/words.ts';
import type { Queries } from '../../engines/database/port.ts';
import type { ChartLibrary } from '../chart-library.ts';
import type { Caller } from '../service.ts';
import type { Versioned, Versions } from '../versions.store.ts';
import { starredBy } from './dashboards.store.ts';

type Query = RequestOf<typeof dashboards.list>['query'];

export function reply({ body, record }: Versioned<DashboardBody>): Dashboard {
  return { ...body, ...record };
}

/** Returns matching dashboards, by folder and title. */
export async function listDashboards(
  db: Queries<'dashboards'>,
  stores: { versions: Versions<DashboardBody, 'dashboards'>; library: ChartLibrary },
  { search = '', folder, starred }: Query,
  caller: Caller,
): Promise<DashboardSummary[]> {
  const [all, library, mine] = await Promise.all([stores.versions.list(db), stores.library.current(), starredBy(db, caller.id)]);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return all
    .filter(({ body }) => folder === undefined || body.folder === folder || folder === '' || body.folder.startsWith(`${folder}/`))
    .filter(({ body }) => starred === undefined || mine.has(body.code) === (starred === 'true'))
    .filter(({ body }) => matches(body, words, library))
    .map(({ body, record }): DashboardSummary => {
      const { variables: _, range: __, refreshMs: ___, panels, ...rest } = body;
      return { ...rest, ...record, panels: panels.map((panel) => sketch(panel, library)), starred: mine.has(body.code) };
    })
    .toSorted((a, b) => a.folder.localeCompare(b.folder, 'en') || a.title.localeCompare(b.title, 'en'));
}

/** Returns whether every word occurs in the visible text of the dashboard. */
function matches(body: DashboardBody, words: readonly string[], library: ReadonlyMap<string, ChartDefinition>): boolean {
  if (words.length === 0) return true;
  const titles = body.panels.map(
    (panel) => (panel.kind === 'library' && !panel.title ? library.get(panel.chart)?.title : undefined) ?? panelName(panel),
  );
  const text = [body.code, body.title, body.description, body.folder, ...body.tags, ...titles].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Returns an outline of a panel, for dashboards that have no thumbnail yet. */
function sketch(panel: Panel, library: ReadonlyMap<string, ChartDefinition>): DashboardSummary['panels'][number] {
  const { kind, place } = panel;
  const type = panel.kind === 'chart' ? panel.drawing.type : panel.kind === 'library' ? library.get(panel.chart)?.type : undefined;
  return { kind, type: type ?? '', place };
}
