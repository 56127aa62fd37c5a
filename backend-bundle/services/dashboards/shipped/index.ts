import { type DashboardBody, dashboardBody } from '#common/contract/dashboards.ts';
import { conveyor } from './conveyor.ts';
import { hostHealth } from './host.ts';
import { loaders } from './loaders.ts';
import { platformHealth } from './platform.ts';

/** Dashboards of a new installation, each on data that is there from the first minute. */
export const shippedDashboards: readonly DashboardBody[] = [hostHealth, loaders, conveyor, platformHealth].map((dashboard) =>
  dashboardBody.parse(dashboard),
);
