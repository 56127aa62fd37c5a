import type { DashboardInput } from '#common/contract/dashboards.ts';
import { hourMs } from '#common/time/durations.ts';
import { chart, library, limits } from './panels.ts';

/** The shipped dashboard of the loaders, from the backend's own metrics. */
export const loaders: DashboardInput = {
  code: 'loaders',
  title: 'Loaders',
  description: 'What each loader brings in, how long its runs take, what fails, and how far it is behind the present.',
  tags: ['loaders', 'platform'],
  range: { lastMs: hourMs },
  variables: [{ name: 'loader', label: 'Loader', kind: 'loader' }],
  panels: [
    chart('lag-now', [0, 0, 24, 4], {
      title: 'Behind the present now',
      selector: { from: 'metric', name: 'watchfloor_loader_lag_seconds', labels: { loader: '$loader' } },
      aggregation: 'last',
      unit: 's',
      type: 'stat',
      thresholds: limits([60, 'WARNING'], [300, 'CRITICAL']),
    }),
    library('loader-rows', [0, 4, 12, 8]),
    library('loader-duration', [12, 4, 12, 8]),
    library('loader-lag', [0, 12, 12, 8]),
    library('loader-failures', [12, 12, 6, 8]),
    library('loader-rejected', [18, 12, 6, 8]),
    chart('durations', [0, 20, 24, 7], {
      title: 'Run durations',
      description: 'The average and the longest of each stretch, side by side.',
      selector: { from: 'metric', name: 'watchfloor_loader_run_duration_ms', labels: { loader: '$loader', kind: 'live' } },
      aggregation: 'p95',
      unit: 'ms',
      type: 'table',
    }),
  ],
};
