import { ChartLibrary } from '../chart-library.ts';
import type { MakeService } from '../service.ts';
import { dashboardVersions } from '../versions.store.ts';
import { dashboardRoutes } from './dashboards.routes.ts';
import { shippedDashboards } from './shipped/index.ts';

/** Dashboards: panels on a grid with a shared range and shared variables. */
export const makeDashboards: MakeService<'dashboards'> = (engines, peers) => {
  const { database } = engines;
  const versions = dashboardVersions(engines);
  const library = new ChartLibrary(engines, peers, 'dashboards');
  return {
    name: 'dashboards',
    routes: dashboardRoutes(engines, { peers, versions, library }),
    start: () => database.transaction((tx) => versions.ship(tx, shippedDashboards)),
    stop: async () => {},
    health: async () => {
      const details = [library.problem, await database.unreadable.describe('dashboards')].filter((detail) => detail !== null);
      return details.length === 0
        ? { name: 'dashboards', status: 'up' }
        : { name: 'dashboards', status: 'degraded', detail: details.join(' ') };
    },
  };
};
