import { charts } from '#common/contract/charts.ts';
import { type MakeService, routes } from '../service.ts';
import { chartVersions, ship } from '../versions.ts';
import { dataHandlers } from './data.ts';
import { definitionHandlers } from './definitions.ts';
import { shippedCharts } from './shipped.ts';

/** Chart definitions and the data behind them. */
export const makeCharts: MakeService<'charts'> = (engines, peers) => ({
  name: 'charts',
  routes: routes(charts, {
    ...definitionHandlers(engines, peers),
    ...dataHandlers(engines),
  }),
  start: () => engines.database.transaction((tx) => ship(tx, chartVersions(engines), shippedCharts)),
  stop: async () => {},
  health: () => ({ name: 'charts', status: 'up' }),
});
