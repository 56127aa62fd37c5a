import { type ChartDefinition, chartDefinition } from '#common/contract/charts.ts';

const signal = (loaderCode: string) => ({ from: 'signal', loaderCode }) as const;
const metric = (name: string) => ({ from: 'metric', name }) as const;

/** Charts of a new installation: the reference workload and this computer, side by side on the first screen. */
export const shippedCharts: readonly ChartDefinition[] = [
  { code: 'belt-speed', title: 'Belt speed', selector: signal('belt-speed'), unit: 'm/s', pinned: 0, min: 0 },
  { code: 'host-cpu', title: 'CPU', selector: metric('host_cpu_percent'), unit: '%', type: 'area', pinned: 1, min: 0, max: 100 },
  { code: 'belt-items', title: 'Items', selector: signal('belt-items'), unit: 'items/min', pinned: 2, min: 0 },
  { code: 'host-memory', title: 'Memory', selector: metric('host_memory_percent'), unit: '%', type: 'area', pinned: 3, min: 0, max: 100 },
  { code: 'belt-current', title: 'Motor current', selector: signal('belt-current'), unit: 'A', pinned: 4, min: 0 },
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
].map((definition) => chartDefinition.parse(definition));
