import { type DashboardBody, dashboardBody, dashboards } from '#common/contract/dashboards.ts';
import { same } from '#common/versions/shape.ts';
import type { Engines } from '../../engines/port.ts';
import type { ChartLibrary } from '../chart-library.ts';
import { checkCodeUnchanged } from '../codes.ts';
import type { Peers } from '../peers.ts';
import { type Route, routes } from '../service.ts';
import type { Versions } from '../versions.store.ts';
import { merged } from './changes.ts';
import { chartsMustExist, chartsOf } from './charts.ts';
import { keepThumbnail, setStar, thumbnailOf } from './dashboards.store.ts';
import { importDashboard } from './import.ts';
import { listDashboards, reply } from './list.ts';

interface Parts {
  peers: Peers;
  versions: Versions<DashboardBody, 'dashboards'>;
  library: ChartLibrary;
}

const codeIsFixed = 'Addresses and walls know the dashboard by its code. Create another dashboard instead.';

/** Endpoints of the dashboards. */
export function dashboardRoutes({ database }: Engines<'dashboards'>, { peers, versions, library }: Parts): Route[] {
  return routes(dashboards, {
    list: async ({ query, caller }) => ({ items: await listDashboards(database.query, { versions, library }, query, caller) }),

    chartUsage: async () => {
      const all = await versions.list(database.query);
      return { items: all.map(({ body }) => ({ code: body.code, title: body.title, charts: chartsOf(body) })) };
    },

    get: async ({ params }) => reply(await versions.get(database.query, params.code)),

    create: async ({ body, caller, commit }) => {
      await chartsMustExist(library, body);
      return commit(database, async (tx) => reply(await versions.create(tx, body, caller.name)));
    },

    update: async ({ params, body, caller, commit }) => {
      const by = caller.name;
      const { version, ...rest } = body;
      const mine = dashboardBody.parse(rest);
      checkCodeUnchanged('dashboard', params.code, mine.code, codeIsFixed);
      await chartsMustExist(library, mine, chartsOf((await versions.get(database.query, params.code)).body));
      return commit(database, async (tx) => {
        const before = await versions.get(tx, params.code);
        // Nothing changes, or the request is a repeat whose first reply was lost.
        if (same(before.body, mine)) return { dashboard: reply(before), merged: false };
        if (before.record.version === version) return { dashboard: reply(await versions.replace(tx, before, mine, by)), merged: false };
        const both = await merged(tx, versions, before, mine, version);
        if (same(before.body, both)) return { dashboard: reply(before), merged: true };
        return { dashboard: reply(await versions.replace(tx, before, both, by, 'merged')), merged: true };
      });
    },

    remove: async ({ params, caller, commit }) => {
      const by = caller.name;
      await commit(database, async (tx) => versions.remove(tx, await versions.get(tx, params.code), by));
    },

    versions: async ({ params }) => ({ items: await versions.history(database.query, params.code) }),

    version: ({ params }) => versions.at(database.query, params.code, params.version),

    rollback: ({ params, body, caller, commit }) => {
      const by = caller.name;
      return commit(database, async (tx) => reply(await versions.rollback(tx, params.code, params.version, body.version, by)));
    },

    star: ({ params, body, caller, commit }) => commit(database, (tx) => setStar(tx, params.code, body.starred, caller)),

    thumbnail: ({ params }) => thumbnailOf(database.query, params.code),

    setThumbnail: ({ params, body, commit }) => commit(database, (tx) => keepThumbnail(tx, params.code, body)),

    import: (request) => importDashboard({ database, versions, library, charts: peers.as(request.caller).charts }, request),
  });
}
