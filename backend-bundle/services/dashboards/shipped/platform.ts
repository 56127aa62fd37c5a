import type { DashboardInput } from '#common/contract/dashboards.ts';
import { chart, library, limits } from './panels.ts';

type Place = Parameters<typeof chart>[1];

/** A figure of the store of points. */
function ofStore(id: string, place: Place, title: string, figure: string, thresholds: ReturnType<typeof limits> = []) {
  const selector = { from: 'metric' as const, name: `watchfloor_store_${figure}` };
  return chart(id, place, { title, selector, aggregation: 'last', decimals: 0, type: 'stat', thresholds });
}

/** The backend on itself. */
export const platformHealth: DashboardInput = {
  code: 'platform-health',
  title: 'Platform health',
  description: 'The backend on itself: rules, points, requests, memory and disk.',
  tags: ['platform'],
  range: { lastMs: 900_000 },
  variables: [{ name: 'process', label: 'Process', kind: 'label', of: 'process' }],
  panels: [
    chart('firing-now', [0, 0, 12, 4], {
      title: 'Firing now',
      selector: { from: 'metric', name: 'watchfloor_alerts_firing' },
      aggregation: 'last',
      decimals: 0,
      type: 'stat',
    }),
    chart('latency-now', [12, 0, 6, 4], {
      title: 'Time to answer, p95',
      selector: { from: 'metric', name: 'watchfloor_http_latency_ms_p95', labels: { process: '$process' } },
      aggregation: 'last',
      unit: 'ms',
      type: 'stat',
      thresholds: limits([250, 'WARNING'], [1_000, 'CRITICAL']),
    }),
    chart('memory-now', [18, 0, 6, 4], {
      title: 'Memory now',
      selector: { from: 'metric', name: 'watchfloor_process_rss_bytes', labels: { process: '$process' } },
      aggregation: 'last',
      unit: 'B',
      type: 'stat',
    }),
    library('points-stored', [0, 4, 12, 8]),
    library('http-requests', [12, 4, 12, 8]),
    library('rules-duration', [0, 12, 8, 7]),
    library('rules-rate', [8, 12, 8, 7]),
    library('alerts-firing', [16, 12, 8, 7]),
    library('http-latency', [0, 19, 8, 7]),
    library('event-loop-delay', [8, 19, 8, 7]),
    library('process-cpu', [16, 19, 8, 7]),
    library('process-memory', [0, 26, 12, 7]),
    library('store-size', [12, 26, 12, 7]),
    ofStore('points-kept', [0, 33, 6, 4], 'Points kept', 'points'),
    ofStore('series-kept', [6, 33, 6, 4], 'Series', 'series'),
    ofStore('points-waiting', [12, 33, 6, 4], 'Points not compacted yet', 'pending_points'),
    ofStore('points-damaged', [18, 33, 6, 4], 'Damaged stretches', 'damaged', limits([1, 'HIGH'])),
  ],
};
