import type { DashboardInput } from '#common/contract/dashboards.ts';
import { chart, limits } from './panels.ts';

const ofHost = (name: string) => ({ from: 'metric', name: `host_${name}`, labels: { host: '$host' } }) as const;
const percent = { unit: '%', min: 0, max: 100 } as const;
const now = { aggregation: 'last' } as const;

/** The shipped dashboard of the metrics that the agent collects on each computer. */
export const hostHealth: DashboardInput = {
  code: 'host-health',
  title: 'Host health',
  description: 'Processor, memory, disks and network of each computer that runs a metrics agent.',
  tags: ['hosts'],
  range: { lastMs: 900_000 },
  variables: [{ name: 'host', label: 'Host', kind: 'label', of: 'host' }],
  panels: [
    chart('cpu-now', [0, 0, 6, 4], {
      title: 'CPU now',
      selector: ofHost('cpu_percent'),
      ...now,
      ...percent,
      type: 'stat',
      thresholds: limits([75, 'WARNING'], [90, 'CRITICAL']),
    }),
    chart('memory-now', [6, 0, 6, 4], {
      title: 'Memory now',
      selector: ofHost('memory_percent'),
      ...now,
      ...percent,
      type: 'stat',
      thresholds: limits([80, 'WARNING'], [95, 'CRITICAL']),
    }),
    chart('load-now', [12, 0, 6, 4], { title: 'Load now', selector: ofHost('load1'), ...now, decimals: 2, type: 'stat' }),
    chart('disk-now', [18, 0, 6, 4], {
      title: 'Disk used',
      selector: ofHost('disk_percent'),
      ...now,
      ...percent,
      type: 'gauge',
      thresholds: limits([80, 'WARNING'], [90, 'CRITICAL']),
    }),
    chart('cpu', [0, 4, 12, 8], { title: 'CPU', selector: ofHost('cpu_percent'), ...percent, type: 'area' }),
    chart('memory', [12, 4, 12, 8], { title: 'Memory', selector: ofHost('memory_percent'), ...percent, type: 'area' }),
    chart('load', [0, 12, 8, 7], { title: 'Load, 1 minute', selector: ofHost('load1'), min: 0 }),
    chart('received', [8, 12, 8, 7], {
      title: 'Network received',
      selector: ofHost('network_receive_bytes_per_second'),
      unit: 'B/s',
      min: 0,
      type: 'area',
    }),
    chart('sent', [16, 12, 8, 7], {
      title: 'Network sent',
      selector: ofHost('network_transmit_bytes_per_second'),
      unit: 'B/s',
      min: 0,
      type: 'area',
    }),
    chart('disk', [0, 19, 12, 7], { title: 'Disk used', selector: ofHost('disk_percent'), aggregation: 'max', ...percent, type: 'step' }),
    chart('memory-used', [12, 19, 12, 7], { title: 'Memory used', selector: ofHost('memory_used_bytes'), unit: 'B', min: 0, type: 'area' }),
  ],
};
