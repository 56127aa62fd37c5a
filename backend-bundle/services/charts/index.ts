import type { MakeService } from '../service.ts';
import { chartVersions } from '../versions.store.ts';
import { chartRoutes } from './charts.routes.ts';
import { shippedCharts } from './shipped.ts';

/** Chart definitions and the data behind them. */
export const makeCharts: MakeService<'charts'> = (engines, peers) => ({
  name: 'charts',
  routes: chartRoutes(engines, peers),
  start: () => engines.database.transaction((tx) => chartVersions(engines).ship(tx, shippedCharts)),
  stop: async () => {},
  health: async () => {
    const detail = await engines.database.unreadable.describe('charts');
    return detail === null ? { name: 'charts', status: 'up' } : { name: 'charts', status: 'degraded', detail };
  },
});
