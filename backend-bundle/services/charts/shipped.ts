import { type ChartDefinition, type ChartDefinitionInput, chartDefinition } from '#common/contract/charts.ts';

const signal = (loaderCode: string) => ({ from: 'signal', loaderCode }) as const;
const metric = (name: string) => ({ from: 'metric', name }) as const;

const loader = { name: 'loader', label: 'Loader', kind: 'loader' } as const;
const process = { name: 'process', label: 'Process', kind: 'label', of: 'process' } as const;
/** One of the backend's own figures for the loader, or the process, that a dashboard chooses. */
const ofLoader = (name: string, labels: Record<string, string> = {}) => ({
  selector: { from: 'metric', name: `watchfloor_${name}`, labels: { loader: '$loader', ...labels } } as const,
  variables: [loader],
});
const ofProcess = (name: string) => ({
  selector: { from: 'metric', name: `watchfloor_${name}`, labels: { process: '$process' } } as const,
  variables: [process],
});

/** The reference workload and this computer, side by side on the first screen. */
const pinned: readonly ChartDefinitionInput[] = [
  { code: 'belt-speed', title: 'Belt speed', selector: signal('belt-speed'), unit: 'm/s', pinned: 0 },
  { code: 'host-cpu', title: 'CPU', selector: metric('host_cpu_percent'), unit: '%', type: 'area', pinned: 1, min: 0, max: 100 },
  { code: 'belt-items', title: 'Items', selector: signal('belt-items'), unit: 'items/min', pinned: 2 },
  { code: 'host-memory', title: 'Memory', selector: metric('host_memory_percent'), unit: '%', type: 'area', pinned: 3, min: 0, max: 100 },
  { code: 'belt-current', title: 'Motor current', selector: signal('belt-current'), unit: 'A', pinned: 4 },
  { code: 'host-load', title: 'Load, 1 minute', selector: metric('host_load1'), pinned: 5, min: 0 },
  { code: 'belt-rejects', title: 'Rejects', selector: signal('belt-rejects'), unit: 'items/min', pinned: 6, min: 0 },
  { code: 'host-disk', title: 'Disk used', selector: metric('host_disk_percent'), unit: '%', pinned: 7, min: 0, max: 100 },
  {
    code: 'host-network',
    title: 'Network received',
    selector: metric('host_network_receive_bytes_per_second'),
    unit: 'B/s',
    pinned: 8,
    min: 0,
  },
];

const ofLoaders: readonly ChartDefinitionInput[] = [
  { code: 'loader-lag', title: 'Behind the present', ...ofLoader('loader_lag_seconds'), aggregation: 'max', unit: 's', min: 0 },
  { code: 'loader-duration', title: 'Run duration', ...ofLoader('loader_run_duration_ms', { kind: 'live' }), unit: 'ms', min: 0 },
  { code: 'loader-rows', title: 'Records loaded', ...ofLoader('loader_rows_per_second'), unit: 'rows/s', type: 'area', min: 0 },
  { code: 'loader-failures', title: 'Runs that failed', ...ofLoader('loader_failures'), aggregation: 'sum', type: 'bar', min: 0 },
  { code: 'loader-rejected', title: 'Records rejected', ...ofLoader('loader_rows_rejected'), aggregation: 'sum', type: 'bar', min: 0 },
];

const ofPlatform: readonly ChartDefinitionInput[] = [
  { code: 'alerts-firing', title: 'Alerts firing', selector: metric('watchfloor_alerts_firing'), aggregation: 'max', type: 'step', min: 0 },
  { code: 'rules-duration', title: 'A round of rules', selector: metric('watchfloor_rules_evaluation_ms'), unit: 'ms', min: 0 },
  { code: 'rules-rate', title: 'Rules evaluated', selector: metric('watchfloor_rules_evaluated_per_second'), unit: 'rules/s', min: 0 },
  { code: 'points-stored', title: 'Points stored', ...ofProcess('points_stored_per_second'), unit: 'points/s', type: 'area', min: 0 },
  { code: 'http-requests', title: 'Requests answered', ...ofProcess('http_requests_per_second'), unit: 'req/s', type: 'area', min: 0 },
  { code: 'http-latency', title: 'Time to answer, p95', ...ofProcess('http_latency_ms_p95'), unit: 'ms', min: 0 },
  {
    code: 'event-loop-delay',
    title: 'Longest wait for the event loop',
    ...ofProcess('event_loop_delay_ms'),
    aggregation: 'max',
    unit: 'ms',
    min: 0,
  },
  { code: 'process-cpu', title: 'Processor time', ...ofProcess('process_cpu_percent'), unit: '%', min: 0 },
  { code: 'process-memory', title: 'Memory of the backend', ...ofProcess('process_rss_bytes'), unit: 'B', type: 'area', min: 0 },
  { code: 'store-size', title: 'Size on disk', selector: metric('watchfloor_store_bytes'), aggregation: 'last', unit: 'B', min: 0 },
];

/** Charts of a new installation. */
export const shippedCharts: readonly ChartDefinition[] = [...pinned, ...ofLoaders, ...ofPlatform].map((definition) =>
  chartDefinition.parse(definition),
);
